import amana.trust.vault.models
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('directory', '0001_initial'),
        ('mechanism', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, unique=True)),
                ('kind', models.CharField(choices=[('ministry', 'Budget line of a ministry'), ('victim_fund', 'Victims’ fund'), ('insurance', 'Social or health insurance'), ('local', 'Local government'), ('un_trust_fund', 'UN trust fund'), ('un_programme', 'Programme of the UN or a regional body'), ('bilateral', 'Another government'), ('foundation', 'Foundation'), ('private', 'Businesses'), ('in_kind', 'In kind')], max_length=20)),
                ('domestic', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Costing',
            fields=[
                ('id', models.UUIDField(default=amana.trust.vault.models.generate_uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('currency', models.CharField(max_length=3)),
                ('first_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)])),
                ('years', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 5)), name='costing_of_some_years')],
            },
        ),
        migrations.CreateModel(
            name='Consequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('need', models.CharField(blank=True, choices=[('SH1', 'Emergency safe house'), ('SH2', 'Short-stay or reflection shelter'), ('SH3', 'Transitional or semi-independent housing'), ('SH4', 'Long-term supported housing'), ('SH5', 'Shelter for women'), ('SH6', 'Shelter for men'), ('SH7', 'Home for children'), ('SH8', 'Family unit'), ('SH9', 'LGBTIQ+ safe housing'), ('SH10', 'Accessible housing'), ('SH11', 'Closed shelter'), ('SH12', 'Host or foster family'), ('SH13', 'Cash for rent'), ('SH14', 'Hotel voucher'), ('SH15', 'Repair of a home'), ('HE1', 'Emergency health care'), ('HE2', 'Primary health care'), ('HE3', 'Care after rape, forensic examination'), ('HE4', 'Sexual, reproductive and antenatal care'), ('HE5', 'Tuberculosis, HIV and hepatitis'), ('HE6', 'Vaccination'), ('HE7', 'Dental and eye care'), ('HE8', 'Surgery and specialists'), ('HE9', 'Occupational health'), ('HE10', 'Rehabilitation'), ('HE11', 'Help with alcohol and drugs'), ('HE12', 'Medico-legal report'), ('HE13', 'Medicines'), ('HE14', 'Fitness to travel'), ('HE15', 'Nutrition'), ('MH1', 'Psychological first aid'), ('MH2', 'Counselling'), ('MH3', 'Trauma therapy'), ('MH4', 'Psychiatry'), ('MH5', 'Group or peer support'), ('MH6', 'Support for children and families'), ('MH7', 'Crisis line, day and night'), ('LG1', 'Legal information'), ('LG2', 'Counsel for victims in criminal cases'), ('LG3', 'Defence and non-punishment'), ('LG4', 'Immigration, asylum and residence counsel'), ('LG5', 'Labour claims and unpaid wages'), ('LG6', 'Compensation'), ('LG7', 'Family law and guardianship'), ('LG8', "Clearing criminal records"), ('LG9', 'Witness protection'), ('DO1', 'Identity and birth documents'), ('DO2', 'Consular and travel documents'), ('DO3', 'Residence documents'), ('DO4', 'Help for stateless people'), ('CP1', 'Guardian'), ('CP2', 'Best-interests assessment'), ('CP3', 'Tracing and reunification of children'), ('CP4', 'Alternative care'), ('CP5', 'Age assessment'), ('CP6', 'Child-friendly space'), ('PR1', 'Police protection'), ('PR2', 'Safety planning'), ('PR3', 'Relocation'), ('PR4', 'Safety of phones and accounts'), ('PR5', 'Safe space for women and girls'), ('BA1', 'Food'), ('BA2', 'Clothes and household items'), ('BA3', 'Hygiene'), ('BA4', 'Cash'), ('BA5', 'Transport'), ('BA6', 'Phone and SIM card'), ('BA7', 'Water and sanitation'), ('LA1', 'Interpreter'), ('LA2', 'Cultural mediator'), ('LA3', 'Sign language'), ('LA4', 'Translation of documents'), ('ED1', 'School'), ('ED2', 'Catch-up classes'), ('ED3', 'Language classes'), ('ED4', 'Literacy'), ('ED5', 'Digital skills'), ('LV1', 'Vocational training'), ('LV2', 'Job placement'), ('LV3', 'Grant for a small business'), ('LV4', "Money management"), ('LV5', 'Childcare'), ('LV6', 'Recognition of qualifications'), ('CM1', 'Case worker'), ('CM2', 'Advocate or companion'), ('CM3', 'Outreach'), ('CM4', 'Survivor peer mentor'), ('RR1', 'Return counselling'), ('RR2', 'Voluntary return'), ('RR3', 'Escort'), ('RR4', 'Reception on arrival'), ('RR5', 'Reintegration grant'), ('RR6', 'Follow-up after return'), ('FM1', 'Family mediation'), ('FM2', 'Family support'), ('FM3', 'Tracing of adult relatives'), ('SO1', 'Rescue and disembarkation'), ('SO2', 'Missing migrants'), ('SO3', "Referral to asylum procedure"), ('SO4', 'Rehabilitation after torture or ransom'), ('SP1', 'Community group'), ('SP2', 'Support by a faith group'), ('AC1', 'Complaints'), ('AC2', 'Ombudsperson or rapporteur'), ('AC3', 'Protection from exploitation by staff')], max_length=4)),
                ('price', models.DecimalField(decimal_places=2, max_digits=14)),
                ('low', models.DecimalField(decimal_places=4, max_digits=5)),
                ('likely', models.DecimalField(decimal_places=4, max_digits=5)),
                ('high', models.DecimalField(decimal_places=4, max_digits=5)),
                ('source', models.CharField(max_length=300)),
                ('costing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consequences', to='costing.costing')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('high__gte', models.F('likely')), ('high__lte', 1), ('likely__gte', models.F('low')), ('low__gte', 0), ('price__gt', 0)), name='consequence_in_order'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='consequence_has_its_source')],
            },
        ),
        migrations.CreateModel(
            name='Assumption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('driver', models.CharField(choices=[('identified', 'People identified last year'), ('growth', "Growth in people per year, %"), ('uptake', "Share who take up support, %"), ('stay', "Shelter nights per person"), ('months', "Months of support per person"), ('caseload', "Caseload per worker"), ('occupancy', "Bed occupancy, %"), ('salaries', 'Salaries, change in %'), ('prices', 'Other prices, change in %'), ('inflation', "Inflation per year, %")], max_length=20)),
                ('low', models.DecimalField(decimal_places=4, max_digits=12)),
                ('likely', models.DecimalField(decimal_places=4, max_digits=12)),
                ('high', models.DecimalField(decimal_places=4, max_digits=12)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('costing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='assumptions', to='costing.costing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('costing', 'driver'), name='assumption_once')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=amana.trust.vault.models.generate_uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('currency', models.CharField(max_length=3)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('source', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='costing.fund')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='directory.service')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='grant_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Ingredient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('centre', models.CharField(choices=[('governance', 'Coordination and governance'), ('identification', 'Identification'), ('cases', 'Case management'), ('shelter', 'Shelter and housing'), ('health', 'Health and mental health'), ('legal', 'Legal help'), ('language', 'Interpretation'), ('basic', 'Basic needs and cash'), ('guardianship', 'Guardians of children'), ('return', 'Return and reintegration'), ('training', 'Training and exercises'), ('systems', 'Computers and data protection'), ('directory', 'Directory of services'), ('learning', 'Monitoring, rapporteur, survivors’ council'), ('security', 'Security'), ('contingency', "Contingency")], max_length=20)),
                ('basis', models.CharField(choices=[('person', "Per person who needs it"), ('night', "Per bed and night"), ('worker', "Per case worker and year"), ('supervisor', "Per supervisor and year"), ('year', "Per year, however many people come"), ('once', 'Once, in the first year'), ('rest', 'A share of everything else')], max_length=12)),
                ('price', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('quantity', models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                ('share', models.DecimalField(decimal_places=4, default=1, max_digits=5)),
                ('fixed', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('costing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ingredients', to='costing.costing')),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ingredients', to='costing.fund')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('fixed__gte', 0), ('price__gte', 0), ('quantity__gte', 0)), name='ingredient_costs_something_or_nothing'), models.CheckConstraint(condition=models.Q(('share__gte', 0), ('share__lte', 1)), name='ingredient_share_of_one')],
            },
        ),
        migrations.CreateModel(
            name='Money',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('centre', models.CharField(max_length=20)),
                ('committed', models.DecimalField(decimal_places=2, max_digits=14)),
                ('spent', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('grant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='money', to='costing.grant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('grant', 'year', 'centre'), name='money_once_a_year'), models.CheckConstraint(condition=models.Q(('committed__gte', 0), ('spent__gte', 0)), name='money_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Scenario',
            fields=[
                ('id', models.UUIDField(default=amana.trust.vault.models.generate_uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('place', 'Places'), ('role', 'Posts'), ('hours', "Daily hours of each post")], max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('more', models.DecimalField(decimal_places=2, max_digits=8)),
                ('arrivals', models.DecimalField(decimal_places=2, max_digits=8)),
                ('within', models.PositiveSmallIntegerField()),
                ('price', models.DecimalField(decimal_places=2, max_digits=14)),
                ('fixed', models.DecimalField(decimal_places=2, max_digits=14)),
                ('currency', models.CharField(max_length=3)),
                ('service_type', models.CharField(blank=True, choices=[('SH1', 'Emergency safe house'), ('SH2', 'Short-stay or reflection shelter'), ('SH3', 'Transitional or semi-independent housing'), ('SH4', 'Long-term supported housing'), ('SH5', 'Shelter for women'), ('SH6', 'Shelter for men'), ('SH7', 'Home for children'), ('SH8', 'Family unit'), ('SH9', 'LGBTIQ+ safe housing'), ('SH10', 'Accessible housing'), ('SH11', 'Closed shelter'), ('SH12', 'Host or foster family'), ('SH13', 'Cash for rent'), ('SH14', 'Hotel voucher'), ('SH15', 'Repair of a home'), ('HE1', 'Emergency health care'), ('HE2', 'Primary health care'), ('HE3', 'Care after rape, forensic examination'), ('HE4', 'Sexual, reproductive and antenatal care'), ('HE5', 'Tuberculosis, HIV and hepatitis'), ('HE6', 'Vaccination'), ('HE7', 'Dental and eye care'), ('HE8', 'Surgery and specialists'), ('HE9', 'Occupational health'), ('HE10', 'Rehabilitation'), ('HE11', 'Help with alcohol and drugs'), ('HE12', 'Medico-legal report'), ('HE13', 'Medicines'), ('HE14', 'Fitness to travel'), ('HE15', 'Nutrition'), ('MH1', 'Psychological first aid'), ('MH2', 'Counselling'), ('MH3', 'Trauma therapy'), ('MH4', 'Psychiatry'), ('MH5', 'Group or peer support'), ('MH6', 'Support for children and families'), ('MH7', 'Crisis line, day and night'), ('LG1', 'Legal information'), ('LG2', 'Counsel for victims in criminal cases'), ('LG3', 'Defence and non-punishment'), ('LG4', 'Immigration, asylum and residence counsel'), ('LG5', 'Labour claims and unpaid wages'), ('LG6', 'Compensation'), ('LG7', 'Family law and guardianship'), ('LG8', "Clearing criminal records"), ('LG9', 'Witness protection'), ('DO1', 'Identity and birth documents'), ('DO2', 'Consular and travel documents'), ('DO3', 'Residence documents'), ('DO4', 'Help for stateless people'), ('CP1', 'Guardian'), ('CP2', 'Best-interests assessment'), ('CP3', 'Tracing and reunification of children'), ('CP4', 'Alternative care'), ('CP5', 'Age assessment'), ('CP6', 'Child-friendly space'), ('PR1', 'Police protection'), ('PR2', 'Safety planning'), ('PR3', 'Relocation'), ('PR4', 'Safety of phones and accounts'), ('PR5', 'Safe space for women and girls'), ('BA1', 'Food'), ('BA2', 'Clothes and household items'), ('BA3', 'Hygiene'), ('BA4', 'Cash'), ('BA5', 'Transport'), ('BA6', 'Phone and SIM card'), ('BA7', 'Water and sanitation'), ('LA1', 'Interpreter'), ('LA2', 'Cultural mediator'), ('LA3', 'Sign language'), ('LA4', 'Translation of documents'), ('ED1', 'School'), ('ED2', 'Catch-up classes'), ('ED3', 'Language classes'), ('ED4', 'Literacy'), ('ED5', 'Digital skills'), ('LV1', 'Vocational training'), ('LV2', 'Job placement'), ('LV3', 'Grant for a small business'), ('LV4', "Money management"), ('LV5', 'Childcare'), ('LV6', 'Recognition of qualifications'), ('CM1', 'Case worker'), ('CM2', 'Advocate or companion'), ('CM3', 'Outreach'), ('CM4', 'Survivor peer mentor'), ('RR1', 'Return counselling'), ('RR2', 'Voluntary return'), ('RR3', 'Escort'), ('RR4', 'Reception on arrival'), ('RR5', 'Reintegration grant'), ('RR6', 'Follow-up after return'), ('FM1', 'Family mediation'), ('FM2', 'Family support'), ('FM3', 'Tracing of adult relatives'), ('SO1', 'Rescue and disembarkation'), ('SO2', 'Missing migrants'), ('SO3', "Referral to asylum procedure"), ('SO4', 'Rehabilitation after torture or ransom'), ('SP1', 'Community group'), ('SP2', 'Support by a faith group'), ('AC1', 'Complaints'), ('AC2', 'Ombudsperson or rapporteur'), ('AC3', 'Protection from exploitation by staff')], max_length=4)),
                ('found', models.JSONField()),
                ('cost', models.DecimalField(decimal_places=2, max_digits=16)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.area')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='mechanism.version')),
            ],
        ),
    ]
