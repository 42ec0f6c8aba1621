import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
        ('cases', '0001_initial'),
        ('referrals', '0001_initial'),
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.BinaryField(max_length=32, unique=True)),
                ('public', models.BinaryField()),
                ('private', models.BinaryField()),
                ('kind', models.CharField(choices=[('abuse', "Someone touched me, asked for sex, or hit me"), ('money', "Someone asked for money, work or a gift"), ('treatment', 'I was treated badly or judged'), ('secret', "What I shared was passed on to others"), ('refused', 'I was refused help, or waited too long'), ('forced', 'I had to do or sign something'), ('other', 'Something else')], max_length=10)),
                ('came_on', models.DateField()),
                ('seen_by', models.DateField()),
                ('answer_by', models.DateField(db_index=True)),
                ('seen_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('right', "The complaint was justified"), ('partly', "The complaint was partly justified"), ('not', "The complaint could not be confirmed"), ('passed', "Passed on to those who have to decide")], max_length=8)),
                ('told_late_on', models.DateField(blank=True, null=True)),
                ('counted_late', models.DateField(blank=True, null=True)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.team')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('outcome', '')), models.Q(('closed_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='complaint_closed_with_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('theme', models.CharField(choices=[('waiting', 'Waiting too long'), ('hours', 'When it is open'), ('way', 'Getting there, and what it costs'), ('respect', 'How people are treated'), ('language', 'Language and interpreters'), ('privacy', 'Privacy, and who knows what'), ('information', 'Not knowing what comes next'), ('choice', "Making your own decisions"), ('repeating', "Having to repeat the story"), ('staff', 'A new person each time'), ('safety', 'Feeling safe'), ('house', 'Rules and life in the house'), ('food', 'Food, clothes and other things'), ('phone', 'Telephone and contact with family'), ('children', 'Children'), ('health', 'Doctors and medicine'), ('mind', "Sleep, fear, and someone to talk to"), ('work', 'Work, school and money'), ('papers', 'Papers and the right to stay'), ('law', 'Police, courts and lawyers'), ('thanks', 'What was good'), ('other', 'Something else')], max_length=12)),
                ('said', models.JSONField()),
                ('did', models.JSONField()),
                ('published_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(choices=[('feedback', 'Reads what people write about the help they got'), ('complaints', 'Answers complaints'), ('reviews', "Reviews a complaint if the person is not satisfied with "
                                                                                                                                                                      "the answer")], max_length=12)),
                ('appointed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('team', 'duty'), name='feedback_desk_once')],
            },
        ),
        migrations.CreateModel(
            name='Kiosk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.BinaryField(max_length=32, unique=True)),
                ('service', models.CharField(blank=True, choices=[('SH1', 'Emergency safe house'), ('SH2', 'Short-stay or reflection shelter'), ('SH3', 'Transitional or semi-independent housing'), ('SH4', 'Long-term supported housing'), ('SH5', 'Shelter for women'), ('SH6', 'Shelter for men'), ('SH7', 'Home for children'), ('SH8', 'Family unit'), ('SH9', 'LGBTIQ+ safe housing'), ('SH10', 'Accessible housing'), ('SH11', 'Closed shelter'), ('SH12', 'Host or foster family'), ('SH13', 'Cash for rent'), ('SH14', 'Hotel voucher'), ('SH15', 'Repair of a home'), ('HE1', 'Emergency health care'), ('HE2', 'Primary health care'), ('HE3', 'Care after rape, forensic examination'), ('HE4', 'Sexual, reproductive and antenatal care'), ('HE5', 'Tuberculosis, HIV and hepatitis'), ('HE6', 'Vaccination'), ('HE7', 'Dental and eye care'), ('HE8', 'Surgery and specialists'), ('HE9', 'Occupational health'), ('HE10', 'Rehabilitation'), ('HE11', 'Help with alcohol and drugs'), ('HE12', 'Medico-legal report'), ('HE13', 'Medicines'), ('HE14', 'Fitness to travel'), ('HE15', 'Nutrition'), ('MH1', 'Psychological first aid'), ('MH2', 'Counselling'), ('MH3', 'Trauma therapy'), ('MH4', 'Psychiatry'), ('MH5', 'Group or peer support'), ('MH6', 'Support for children and families'), ('MH7', 'Crisis line, day and night'), ('LG1', 'Legal information'), ('LG2', 'Counsel for victims in criminal cases'), ('LG3', 'Defence and non-punishment'), ('LG4', 'Immigration, asylum and residence counsel'), ('LG5', 'Labour claims and unpaid wages'), ('LG6', 'Compensation'), ('LG7', 'Family law and guardianship'), ('LG8', "Clearing criminal records"), ('LG9', 'Witness protection'), ('DO1', 'Identity and birth documents'), ('DO2', 'Consular and travel documents'), ('DO3', 'Residence documents'), ('DO4', 'Help for stateless people'), ('CP1', 'Guardian'), ('CP2', 'Best-interests assessment'), ('CP3', 'Family tracing and reunification'), ('CP4', 'Alternative care'), ('CP5', 'Age assessment'), ('CP6', 'Child-friendly space'), ('PR1', 'Police protection'), ('PR2', 'Safety planning'), ('PR3', 'Relocation'), ('PR4', 'Safety of phones and accounts'), ('PR5', 'Safe space for women and girls'), ('BA1', 'Food'), ('BA2', 'Clothes and household items'), ('BA3', 'Hygiene'), ('BA4', 'Cash'), ('BA5', 'Transport'), ('BA6', 'Phone and SIM card'), ('BA7', 'Water and sanitation'), ('LA1', 'Interpreter'), ('LA2', 'Cultural mediator'), ('LA3', 'Sign language'), ('LA4', 'Translation of documents'), ('ED1', 'School'), ('ED2', 'Catch-up classes'), ('ED3', 'Language classes'), ('ED4', 'Literacy'), ('ED5', 'Digital skills'), ('LV1', 'Vocational training'), ('LV2', 'Job placement'), ('LV3', 'Grant for a small business'), ('LV4', "Money management"), ('LV5', 'Childcare'), ('LV6', 'Recognition of qualifications'), ('CM1', 'Case worker'), ('CM2', 'Advocate or companion'), ('CM3', 'Outreach'), ('CM4', 'Survivor peer mentor'), ('RR1', 'Return counselling'), ('RR2', 'Voluntary return'), ('RR3', 'Escort'), ('RR4', 'Reception on arrival'), ('RR5', 'Reintegration grant'), ('RR6', 'Follow-up after return'), ('FM1', 'Family mediation'), ('FM2', 'Family support'), ('FM3', 'Tracing of adult relatives'), ('SO1', 'Rescue and disembarkation'), ('SO2', 'Missing migrants'), ('SO3', "Referral to asylum procedure"), ('SO4', 'Rehabilitation after torture or ransom'), ('SP1', 'Community group'), ('SP2', 'Support by a faith group'), ('AC1', 'Complaints'), ('AC2', 'Ombudsperson or rapporteur'), ('AC3', 'Protection from exploitation by staff')], max_length=4)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ComplaintMessage',
            fields=[
                ('sealed', models.BinaryField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('answers', models.BooleanField(default=False)),
                ('turn', models.CharField(choices=[('first', 'First'), ('again', 'Again'), ('copy', 'Copy')], default='first', max_length=5)),
                ('written_on', models.DateField()),
                ('content', models.BinaryField()),
                ('for_person', models.BinaryField(blank=True, default=bytes)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='feedback.complaint')),
                ('person_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='vault.personkey')),
                ('team_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='vault.teamkey')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person_key__isnull', False), ('team_key', None)), models.Q(('person_key', None), ('team_key__isnull', False)), _connector='OR'), name='complaintmessage_held_by_one')],
            },
        ),
        migrations.CreateModel(
            name='SlipOffer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('moment', models.CharField(choices=[('help', 'The help that people got'), ('intake', 'Their life, at the beginning'), ('m3', 'Their life, after 3 months'), ('m6', 'Their life, after 6 months'), ('m12', 'Their life, after 12 months')], max_length=6)),
                ('result', models.CharField(choices=[('handed', 'Handed out'), ('unsafe', 'It is not safe for the person'), ('unwished', "The person does not want it"), ('unreached', 'The person cannot be reached')], max_length=9)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'moment'), name='feedback_offered_once')],
            },
        ),
        migrations.CreateModel(
            name='PartnerRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('sender', "The sender, about how it was handled"), ('recipient', "The recipient, about how it was written")], max_length=10)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='referrals.referral')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('referral', 'side'), name='feedback_rated_once')],
            },
        ),
        migrations.CreateModel(
            name='Slip',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.BinaryField(max_length=32, unique=True)),
                ('service', models.CharField(blank=True, choices=[('SH1', 'Emergency safe house'), ('SH2', 'Short-stay or reflection shelter'), ('SH3', 'Transitional or semi-independent housing'), ('SH4', 'Long-term supported housing'), ('SH5', 'Shelter for women'), ('SH6', 'Shelter for men'), ('SH7', 'Home for children'), ('SH8', 'Family unit'), ('SH9', 'LGBTIQ+ safe housing'), ('SH10', 'Accessible housing'), ('SH11', 'Closed shelter'), ('SH12', 'Host or foster family'), ('SH13', 'Cash for rent'), ('SH14', 'Hotel voucher'), ('SH15', 'Repair of a home'), ('HE1', 'Emergency health care'), ('HE2', 'Primary health care'), ('HE3', 'Care after rape, forensic examination'), ('HE4', 'Sexual, reproductive and antenatal care'), ('HE5', 'Tuberculosis, HIV and hepatitis'), ('HE6', 'Vaccination'), ('HE7', 'Dental and eye care'), ('HE8', 'Surgery and specialists'), ('HE9', 'Occupational health'), ('HE10', 'Rehabilitation'), ('HE11', 'Help with alcohol and drugs'), ('HE12', 'Medico-legal report'), ('HE13', 'Medicines'), ('HE14', 'Fitness to travel'), ('HE15', 'Nutrition'), ('MH1', 'Psychological first aid'), ('MH2', 'Counselling'), ('MH3', 'Trauma therapy'), ('MH4', 'Psychiatry'), ('MH5', 'Group or peer support'), ('MH6', 'Support for children and families'), ('MH7', 'Crisis line, day and night'), ('LG1', 'Legal information'), ('LG2', 'Counsel for victims in criminal cases'), ('LG3', 'Defence and non-punishment'), ('LG4', 'Immigration, asylum and residence counsel'), ('LG5', 'Labour claims and unpaid wages'), ('LG6', 'Compensation'), ('LG7', 'Family law and guardianship'), ('LG8', "Clearing criminal records"), ('LG9', 'Witness protection'), ('DO1', 'Identity and birth documents'), ('DO2', 'Consular and travel documents'), ('DO3', 'Residence documents'), ('DO4', 'Help for stateless people'), ('CP1', 'Guardian'), ('CP2', 'Best-interests assessment'), ('CP3', 'Family tracing and reunification'), ('CP4', 'Alternative care'), ('CP5', 'Age assessment'), ('CP6', 'Child-friendly space'), ('PR1', 'Police protection'), ('PR2', 'Safety planning'), ('PR3', 'Relocation'), ('PR4', 'Safety of phones and accounts'), ('PR5', 'Safe space for women and girls'), ('BA1', 'Food'), ('BA2', 'Clothes and household items'), ('BA3', 'Hygiene'), ('BA4', 'Cash'), ('BA5', 'Transport'), ('BA6', 'Phone and SIM card'), ('BA7', 'Water and sanitation'), ('LA1', 'Interpreter'), ('LA2', 'Cultural mediator'), ('LA3', 'Sign language'), ('LA4', 'Translation of documents'), ('ED1', 'School'), ('ED2', 'Catch-up classes'), ('ED3', 'Language classes'), ('ED4', 'Literacy'), ('ED5', 'Digital skills'), ('LV1', 'Vocational training'), ('LV2', 'Job placement'), ('LV3', 'Grant for a small business'), ('LV4', "Money management"), ('LV5', 'Childcare'), ('LV6', 'Recognition of qualifications'), ('CM1', 'Case worker'), ('CM2', 'Advocate or companion'), ('CM3', 'Outreach'), ('CM4', 'Survivor peer mentor'), ('RR1', 'Return counselling'), ('RR2', 'Voluntary return'), ('RR3', 'Escort'), ('RR4', 'Reception on arrival'), ('RR5', 'Reintegration grant'), ('RR6', 'Follow-up after return'), ('FM1', 'Family mediation'), ('FM2', 'Family support'), ('FM3', 'Tracing of adult relatives'), ('SO1', 'Rescue and disembarkation'), ('SO2', 'Missing migrants'), ('SO3', "Referral to asylum procedure"), ('SO4', 'Rehabilitation after torture or ransom'), ('SP1', 'Community group'), ('SP2', 'Support by a faith group'), ('AC1', 'Complaints'), ('AC2', 'Ombudsperson or rapporteur'), ('AC3', 'Protection from exploitation by staff')], max_length=4)),
                ('moment', models.CharField(choices=[('help', 'The help that people got'), ('intake', 'Their life, at the beginning'), ('m3', 'Their life, after 3 months'), ('m6', 'Their life, after 6 months'), ('m12', 'Their life, after 12 months')], max_length=6)),
                ('until', models.DateField()),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('sealed', models.BinaryField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('door', models.CharField(choices=[('slip', 'With a slip'), ('kiosk', "On a shared device"), ('spoken', "Spoken, and recorded by a worker")], max_length=6)),
                ('body', models.BinaryField()),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ('person_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='vault.personkey')),
                ('team_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='vault.teamkey')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person_key__isnull', False), ('team_key', None)), models.Q(('person_key', None), ('team_key__isnull', False)), _connector='OR'), name='voice_held_by_one')],
            },
        ),
        migrations.CreateModel(
            name='VoiceTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('theme', models.CharField(choices=[('waiting', 'Waiting too long'), ('hours', 'When it is open'), ('way', 'Getting there, and what it costs'), ('respect', 'How people are treated'), ('language', 'Language and interpreters'), ('privacy', 'Privacy, and who knows what'), ('information', 'Not knowing what comes next'), ('choice', "Making your own decisions"), ('repeating', "Having to repeat the story"), ('staff', 'A new person each time'), ('safety', 'Feeling safe'), ('house', 'Rules and life in the house'), ('food', 'Food, clothes and other things'), ('phone', 'Telephone and contact with family'), ('children', 'Children'), ('health', 'Doctors and medicine'), ('mind', "Sleep, fear, and someone to talk to"), ('work', 'Work, school and money'), ('papers', 'Papers and the right to stay'), ('law', 'Police, courts and lawyers'), ('thanks', 'What was good'), ('other', 'Something else')], max_length=12)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='feedback.voice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('voice', 'theme'), name='feedback_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='WaitingVoice',
            fields=[
                ('sealed', models.BinaryField()),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('door', models.CharField(choices=[('slip', 'With a slip'), ('kiosk', "On a shared device"), ('spoken', "Spoken, and recorded by a worker")], max_length=6)),
                ('body', models.BinaryField()),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ('person_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='vault.personkey')),
                ('team_key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='vault.teamkey')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person_key__isnull', False), ('team_key', None)), models.Q(('person_key', None), ('team_key__isnull', False)), _connector='OR'), name='waitingvoice_held_by_one')],
            },
        ),
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('says', models.JSONField()),
                ('made_on', models.DateField()),
                ('due_on', models.DateField()),
                ('status', models.CharField(choices=[('open', 'Not answered yet'), ('adopted', 'Adopted'), ('reasoned', 'Not adopted, with the reason')], default='open', max_length=8)),
                ('answer', models.JSONField(blank=True, default=dict)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('fact', models.UUIDField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_on', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('answered_on__isnull', False)), _connector='OR'), name='advice_answered_or_open')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='feedback.complaint')),
                ('asked_on', models.DateField()),
                ('hand_over_by', models.DateField()),
                ('answer_by', models.DateField(db_index=True)),
                ('handed_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('verdict', models.CharField(blank=True, choices=[('changed', 'The first answer was changed'), ('partly', 'The first answer was changed in part'), ('stands', "The first answer was confirmed")], max_length=8)),
                ('told_late_on', models.DateField(blank=True, null=True)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('verdict', '')), models.Q(('closed_on__isnull', False), models.Q(('verdict', ''), _negated=True)), _connector='OR'), name='review_closed_with_verdict')],
            },
        ),
    ]
