import amana.design.directory.codes
import amana.design.directory.hours
import amana.design.directory.models.changes
import amana.design.directory.models.services
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('name_fr', models.CharField(blank=True, max_length=200, verbose_name='name in French')),
                ('name_ar', models.CharField(blank=True, max_length=200, verbose_name='name in Arabic')),
                ('types', amana.design.directory.codes.CodesField(blank=False, default=list, verbose_name='what it offers')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('status', models.CharField(choices=[('active', 'Active'), ('paused', "Not taking new people"), ('ended', 'Ended')], default='active', max_length=8, verbose_name='status')),
                ('visibility', models.CharField(choices=[('public', 'Everyone'), ('network', 'Everyone in the mechanism'), ('restricted', 'Its own team and the coordinators')], default='network', max_length=10, verbose_name='who sees it')),
                ('hidden', models.BooleanField(default=False, help_text='A safe house: others see the area only.', verbose_name='the address is secret')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='address')),
                ('lat', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='latitude')),
                ('lon', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='longitude')),
                ('arrival', models.TextField(blank=True, help_text="For a secret address: the meeting point.", verbose_name='how to get there')),
                ('modalities', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='how people reach it')),
                ('coverage', amana.design.directory.codes.CodesField(blank=True, default=list, help_text="Leave blank if it doesn’t matter where people live.", verbose_name='only for people in these areas')),
                ('sexes', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='only for')),
                ('age_min', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(120)], verbose_name='youngest age')),
                ('age_max', models.PositiveSmallIntegerField(default=120, validators=[django.core.validators.MaxValueValidator(120)], verbose_name='oldest age')),
                ('nationalities', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='only these nationalities')),
                ('not_nationalities', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='not these nationalities')),
                ('statuses', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='only with this status')),
                ('exploitation', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name="only for people who experienced")),
                ('groups', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='only for people in these groups')),
                ('not_groups', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='not for')),
                ('children_max', models.PositiveSmallIntegerField(default=99, validators=[django.core.validators.MaxValueValidator(99)], verbose_name="maximum number of children")),
                ('documents', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='documents required')),
                ('needs_police', models.BooleanField(default=False, verbose_name="requires cooperation with the police")),
                ('needs_identified', models.BooleanField(default=False, verbose_name="requires formal identification as a victim")),
                ('own_assessment', models.BooleanField(default=False, verbose_name="decides after its own assessment")),
                ('conditions', models.TextField(blank=True, verbose_name='other conditions')),
                ('languages', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='languages spoken')),
                ('accessibility', amana.design.directory.codes.CodesField(blank=True, default=None, null=True, verbose_name='accessibility')),
                ('traits', amana.design.directory.codes.CodesField(blank=True, default=list, verbose_name='what it is like')),
                ('costs', models.BooleanField(default=False, verbose_name="there is a charge")),
                ('cost_note', models.CharField(blank=True, max_length=200, verbose_name='what it costs')),
                ('hours', models.JSONField(blank=True, null=True, validators=[amana.design.directory.hours.validate_hours], verbose_name='opening hours')),
                ('hours_note', models.CharField(blank=True, help_text='For example: every second week; closed in August.', max_length=200, verbose_name="notes on opening hours")),
                ('zone', models.CharField(blank=True, max_length=40, validators=[amana.design.directory.models.services.validate_zone], verbose_name='time zone')),
                ('max_stay_days', models.PositiveSmallIntegerField(default=0, verbose_name='longest stay, in days')),
                ('accepts_referrals', models.BooleanField(default=True, verbose_name="accepts referrals")),
                ('referral_method', models.CharField(blank=True, choices=[('system', 'Through Amana'), ('email', 'E-mail, case by case'), ('phone', 'Telephone, case by case'), ('form', 'Inter-agency referral form'), ('other_system', "Another organisation’s system")], max_length=12, verbose_name='how to refer')),
                ('information_needed', models.TextField(blank=True, verbose_name="minimum information for a referral")),
                ('contact_role', models.CharField(blank=True, help_text="A role, not a name, such as “intake nurse”.", max_length=120, verbose_name='who answers')),
                ('phone', models.CharField(blank=True, max_length=60, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('website', models.URLField(blank=True, verbose_name='web page')),
                ('next_step', models.CharField(blank=True, choices=[('call', 'They call the person'), ('visit', 'They call to arrange a visit'), ('person_comes', 'The person goes there')], max_length=12, verbose_name='what happens next')),
                ('answers_within_hours', models.PositiveIntegerField(default=0, verbose_name="answers within (hours)")),
                ('feedback', models.CharField(blank=True, choices=[('system', 'Through Amana'), ('email', "E-mail to the sender"), ('phone', 'Telephone call'), ('form', 'The form comes back signed'), ('table', 'Shared tracking table'), ('other_system', 'Entry in another system'), ('on_request', "When the sender asks"), ('with_consent', "With the person’s consent"), ('none', 'No feedback')], max_length=12, verbose_name="how you get feedback")),
                ('feedback_within_hours', models.PositiveIntegerField(default=0, verbose_name="gives feedback within (hours)")),
                ('lateness', models.FloatField(editable=False, null=True)),
                ('counts_places', models.BooleanField(default=False, verbose_name="counts its places")),
                ('unit', models.CharField(choices=[('beds', 'beds'), ('flats', 'flats'), ('slots', 'appointments'), ('sessions', 'sessions'), ('cases', 'places'), ('children', 'children'), ('items', 'items'), ('hours', 'hours'), ('seats', 'seats')], default='cases', max_length=10, verbose_name="type of places")),
                ('places_total', models.PositiveIntegerField(default=0, verbose_name="total places")),
                ('places_free', models.PositiveIntegerField(default=0, verbose_name="places free")),
                ('places_said_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('children_take_places', models.BooleanField(default=False, verbose_name='each child takes a place')),
                ('waiting_list', models.BooleanField(default=False, verbose_name='there is a waiting list')),
                ('wait_days', models.PositiveIntegerField(blank=True, null=True, verbose_name='usual wait, in days')),
                ('verified_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('verify_by', models.DateField(blank=True, null=True, verbose_name='to be verified by')),
                ('funded_until', models.DateField(blank=True, null=True, verbose_name='funded until')),
                ('origin', models.CharField(blank=True, editable=False, max_length=60)),
                ('origin_id', models.CharField(blank=True, editable=False, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_fr', models.CharField(blank=True, max_length=120, verbose_name='name in French')),
                ('name_ar', models.CharField(blank=True, max_length=120, verbose_name='name in Arabic')),
                ('level', models.PositiveSmallIntegerField(verbose_name='level')),
                ('path', models.CharField(max_length=200, unique=True)),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
                ('geometry', models.JSONField(blank=True, default=dict)),
                ('above', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='directory.area')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('above', None), ('level', 0)), models.Q(('above__isnull', False), ('level__gt', 0)), _connector='OR'), name='area_only_the_country_has_nothing_above')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='counter_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='HiddenAddress',
            fields=[
                ('sealed', models.BinaryField()),
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='hidden_address', serialize=False, to='directory.service')),
                ('body', models.BinaryField()),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='service',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='directory.area', verbose_name='area'),
        ),
        migrations.AddField(
            model_name='service',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='access.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='service',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='access.team', verbose_name='team that answers referrals'),
        ),
        migrations.AddField(
            model_name='service',
            name='verified_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('stamp', models.BigIntegerField(default=amana.design.directory.models.changes.make_stamp)),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
            ],
        ),
        migrations.CreateModel(
            name='ResponseTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('took_minutes', models.PositiveIntegerField()),
                ('promised_minutes', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='answers', to='directory.service')),
            ],
            options={
                'indexes': [models.Index(fields=['service', '-at'], name='directory_r_service_d2ff53_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('promised_minutes__gt', 0)), name='answered_promised_some_time')],
            },
        ),
        migrations.CreateModel(
            name='Availability',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('said', "Count reported"), ('booked', 'Taken by a referral'), ('given_back', "Available again")], max_length=10)),
                ('free', models.PositiveIntegerField()),
                ('total', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='places_reports', to='directory.service')),
            ],
            options={
                'indexes': [models.Index(fields=['service', '-at'], name='directory_a_service_611e6f_idx')],
            },
        ),
        migrations.AddField(
            model_name='hiddenaddress',
            name='person_key',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='vault.personkey'),
        ),
        migrations.AddField(
            model_name='hiddenaddress',
            name='team_key',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='vault.teamkey'),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(fields=['name', 'id'], name='service_by_name'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('hidden', False), models.Q(('address', ''), ('lat', None), ('lon', None)), _connector='OR'), name='service_hidden_keeps_its_address_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lon', None)), models.Q(('lat__range', (-90, 90)), ('lon__range', (-180, 180))), _connector='OR'), name='service_latitude_with_longitude'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('age_min__lte', models.F('age_max'))), name='service_ages_in_order'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('places_free__gte', 0), ('places_free__lte', models.F('places_total'))), name='service_free_places_within_total'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('counts_places', True), ('places_total', 0), _connector='OR'), name='service_uncounted_has_no_places'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('accepts_referrals', True), ('referral_method', ''), _connector='OR'), name='service_no_method_without_referrals'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', ''), ('origin_id', '')), models.Q(models.Q(('origin', ''), _negated=True), models.Q(('origin_id', ''), _negated=True)), _connector='OR'), name='service_origin_with_its_id'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', ''), _negated=True), fields=('origin', 'origin_id'), name='service_once_from_each_origin'),
        ),
        migrations.AddConstraint(
            model_name='hiddenaddress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person_key__isnull', False), ('team_key', None)), models.Q(('person_key', None), ('team_key__isnull', False)), _connector='OR'), name='hiddenaddress_held_by_one'),
        ),
    ]
