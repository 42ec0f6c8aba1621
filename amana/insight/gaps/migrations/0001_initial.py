import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('need', models.CharField(choices=[('SH1', 'Emergency safe house'), ('SH2', 'Short-stay or reflection shelter'), ('SH3', 'Transitional or semi-independent housing'), ('SH4', 'Long-term supported housing'), ('SH5', 'Shelter for women'), ('SH6', 'Shelter for men'), ('SH7', 'Home for children'), ('SH8', 'Family unit'), ('SH9', 'LGBTIQ+ safe housing'), ('SH10', 'Accessible housing'), ('SH11', 'Closed shelter'), ('SH12', 'Host or foster family'), ('SH13', 'Cash for rent'), ('SH14', 'Hotel voucher'), ('SH15', 'Repair of a home'), ('HE1', 'Emergency health care'), ('HE2', 'Primary health care'), ('HE3', 'Care after rape, forensic examination'), ('HE4', 'Sexual, reproductive and antenatal care'), ('HE5', 'Tuberculosis, HIV and hepatitis'), ('HE6', 'Vaccination'), ('HE7', 'Dental and eye care'), ('HE8', 'Surgery and specialists'), ('HE9', 'Occupational health'), ('HE10', 'Rehabilitation'), ('HE11', 'Help with alcohol and drugs'), ('HE12', 'Medico-legal report'), ('HE13', 'Medicines'), ('HE14', 'Fitness to travel'), ('HE15', 'Nutrition'), ('MH1', 'Psychological first aid'), ('MH2', 'Counselling'), ('MH3', 'Trauma therapy'), ('MH4', 'Psychiatry'), ('MH5', 'Group or peer support'), ('MH6', 'Support for children and families'), ('MH7', 'Crisis line, day and night'), ('LG1', 'Legal information'), ('LG2', 'Counsel for victims in criminal cases'), ('LG3', 'Defence and non-punishment'), ('LG4', 'Immigration, asylum and residence counsel'), ('LG5', 'Labour claims and unpaid wages'), ('LG6', 'Compensation'), ('LG7', 'Family law and guardianship'), ('LG8', "Clearing criminal records"), ('LG9', 'Witness protection'), ('DO1', 'Identity and birth documents'), ('DO2', 'Consular and travel documents'), ('DO3', 'Residence documents'), ('DO4', 'Help for stateless people'), ('CP1', 'Guardian'), ('CP2', 'Best-interests assessment'), ('CP3', 'Family tracing and reunification'), ('CP4', 'Alternative care'), ('CP5', 'Age assessment'), ('CP6', 'Child-friendly space'), ('PR1', 'Police protection'), ('PR2', 'Safety planning'), ('PR3', 'Relocation'), ('PR4', 'Safety of phones and accounts'), ('PR5', 'Safe space for women and girls'), ('BA1', 'Food'), ('BA2', 'Clothes and household items'), ('BA3', 'Hygiene'), ('BA4', 'Cash'), ('BA5', 'Transport'), ('BA6', 'Phone and SIM card'), ('BA7', 'Water and sanitation'), ('LA1', 'Interpreter'), ('LA2', 'Cultural mediator'), ('LA3', 'Sign language'), ('LA4', 'Translation of documents'), ('ED1', 'School'), ('ED2', 'Catch-up classes'), ('ED3', 'Language classes'), ('ED4', 'Literacy'), ('ED5', 'Digital skills'), ('LV1', 'Vocational training'), ('LV2', 'Job placement'), ('LV3', 'Grant for a small business'), ('LV4', "Money management"), ('LV5', 'Childcare'), ('LV6', 'Recognition of qualifications'), ('CM1', 'Case worker'), ('CM2', 'Advocate or companion'), ('CM3', 'Outreach'), ('CM4', 'Survivor peer mentor'), ('RR1', 'Return counselling'), ('RR2', 'Voluntary return'), ('RR3', 'Escort'), ('RR4', 'Reception on arrival'), ('RR5', 'Reintegration grant'), ('RR6', 'Follow-up after return'), ('FM1', 'Family mediation'), ('FM2', 'Family support'), ('FM3', 'Tracing of adult relatives'), ('SO1', 'Rescue and disembarkation'), ('SO2', 'Missing migrants'), ('SO3', "Referral to asylum procedure"), ('SO4', 'Rehabilitation after torture or ransom'), ('SP1', 'Community group'), ('SP2', 'Support by a faith group'), ('AC1', 'Complaints'), ('AC2', 'Ombudsperson or rapporteur'), ('AC3', 'Protection from exploitation by staff')], max_length=4)),
                ('area', models.CharField(max_length=20)),
                ('group', models.CharField(max_length=12)),
                ('kind', models.CharField(choices=[('absent', 'Absent'), ('inaccessible', 'Out of reach'), ('insufficient', 'Too little'), ('unsafe', 'Unsafe'), ('poor', "Poor quality"), ('unfunded', 'Funding ends soon')], max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'need', 'area', 'group'), name='kept_gap_once_in_a_year')],
            },
        ),
        migrations.CreateModel(
            name='GapPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('need', models.CharField(choices=[('SH1', 'Emergency safe house'), ('SH2', 'Short-stay or reflection shelter'), ('SH3', 'Transitional or semi-independent housing'), ('SH4', 'Long-term supported housing'), ('SH5', 'Shelter for women'), ('SH6', 'Shelter for men'), ('SH7', 'Home for children'), ('SH8', 'Family unit'), ('SH9', 'LGBTIQ+ safe housing'), ('SH10', 'Accessible housing'), ('SH11', 'Closed shelter'), ('SH12', 'Host or foster family'), ('SH13', 'Cash for rent'), ('SH14', 'Hotel voucher'), ('SH15', 'Repair of a home'), ('HE1', 'Emergency health care'), ('HE2', 'Primary health care'), ('HE3', 'Care after rape, forensic examination'), ('HE4', 'Sexual, reproductive and antenatal care'), ('HE5', 'Tuberculosis, HIV and hepatitis'), ('HE6', 'Vaccination'), ('HE7', 'Dental and eye care'), ('HE8', 'Surgery and specialists'), ('HE9', 'Occupational health'), ('HE10', 'Rehabilitation'), ('HE11', 'Help with alcohol and drugs'), ('HE12', 'Medico-legal report'), ('HE13', 'Medicines'), ('HE14', 'Fitness to travel'), ('HE15', 'Nutrition'), ('MH1', 'Psychological first aid'), ('MH2', 'Counselling'), ('MH3', 'Trauma therapy'), ('MH4', 'Psychiatry'), ('MH5', 'Group or peer support'), ('MH6', 'Support for children and families'), ('MH7', 'Crisis line, day and night'), ('LG1', 'Legal information'), ('LG2', 'Counsel for victims in criminal cases'), ('LG3', 'Defence and non-punishment'), ('LG4', 'Immigration, asylum and residence counsel'), ('LG5', 'Labour claims and unpaid wages'), ('LG6', 'Compensation'), ('LG7', 'Family law and guardianship'), ('LG8', "Clearing criminal records"), ('LG9', 'Witness protection'), ('DO1', 'Identity and birth documents'), ('DO2', 'Consular and travel documents'), ('DO3', 'Residence documents'), ('DO4', 'Help for stateless people'), ('CP1', 'Guardian'), ('CP2', 'Best-interests assessment'), ('CP3', 'Family tracing and reunification'), ('CP4', 'Alternative care'), ('CP5', 'Age assessment'), ('CP6', 'Child-friendly space'), ('PR1', 'Police protection'), ('PR2', 'Safety planning'), ('PR3', 'Relocation'), ('PR4', 'Safety of phones and accounts'), ('PR5', 'Safe space for women and girls'), ('BA1', 'Food'), ('BA2', 'Clothes and household items'), ('BA3', 'Hygiene'), ('BA4', 'Cash'), ('BA5', 'Transport'), ('BA6', 'Phone and SIM card'), ('BA7', 'Water and sanitation'), ('LA1', 'Interpreter'), ('LA2', 'Cultural mediator'), ('LA3', 'Sign language'), ('LA4', 'Translation of documents'), ('ED1', 'School'), ('ED2', 'Catch-up classes'), ('ED3', 'Language classes'), ('ED4', 'Literacy'), ('ED5', 'Digital skills'), ('LV1', 'Vocational training'), ('LV2', 'Job placement'), ('LV3', 'Grant for a small business'), ('LV4', "Money management"), ('LV5', 'Childcare'), ('LV6', 'Recognition of qualifications'), ('CM1', 'Case worker'), ('CM2', 'Advocate or companion'), ('CM3', 'Outreach'), ('CM4', 'Survivor peer mentor'), ('RR1', 'Return counselling'), ('RR2', 'Voluntary return'), ('RR3', 'Escort'), ('RR4', 'Reception on arrival'), ('RR5', 'Reintegration grant'), ('RR6', 'Follow-up after return'), ('FM1', 'Family mediation'), ('FM2', 'Family support'), ('FM3', 'Tracing of adult relatives'), ('SO1', 'Rescue and disembarkation'), ('SO2', 'Missing migrants'), ('SO3', "Referral to asylum procedure"), ('SO4', 'Rehabilitation after torture or ransom'), ('SP1', 'Community group'), ('SP2', 'Support by a faith group'), ('AC1', 'Complaints'), ('AC2', 'Ombudsperson or rapporteur'), ('AC3', 'Protection from exploitation by staff')], max_length=4, verbose_name='need')),
                ('area', models.CharField(max_length=20, verbose_name='area')),
                ('group', models.CharField(max_length=12, verbose_name='for whom')),
                ('status', models.CharField(choices=[('planned', 'To be done'), ('started', 'Under way'), ('done', 'Done'), ('left', 'Left as it is')], max_length=8, verbose_name='status')),
                ('cost', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="approximate cost")),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by when')),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='note')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation', verbose_name="responsible organisation")),
            ],
            options={
                'indexes': [models.Index(fields=['need', 'area', 'group'], name='gaps_gappla_need_781fef_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('cost', None), ('currency', '')), models.Q(('cost__gte', 0), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='plan_of_a_gap_costs_something')],
            },
        ),
    ]
