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
            name='Regaining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('confirmed', 'Confirmed, waiting for shares'), ('done', "Recovered"), ('withdrawn', 'Withdrawn')], default='proposed', max_length=9)),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('effective_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.membership')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recovery_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regainings', to='vault.recoverykey')),
                ('told', models.ManyToManyField(blank=True, related_name='regainings_told', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'confirmed'])), fields=('recovery_key',), name='regaining_one_pending_of_a_key'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='regaining_confirmed_by_another'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'withdrawn']), models.Q(('confirmed_by__isnull', False), ('effective_at__isnull', False)), _connector='OR'), name='regaining_takes_effect_only_when_confirmed')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.BigIntegerField()),
                ('sealed', models.BinaryField(default=b'')),
                ('printed_at', models.DateTimeField(blank=True, null=True)),
                ('drilled_on', models.DateField(blank=True, null=True)),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_shares', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_shares', to='access.organisation')),
                ('recovery_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='vault.recoverykey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recovery_key', 'custodian'), name='recovery_share_once_for_a_person'), models.UniqueConstraint(fields=('recovery_key', 'organisation'), name='recovery_share_once_for_an_organisation')],
            },
        ),
        migrations.CreateModel(
            name='ReleasedShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('released_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('regaining', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='released', to='recovery.regaining')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='released', to='recovery.share')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('regaining', 'share'), name='released_share_once')],
            },
        ),
    ]
