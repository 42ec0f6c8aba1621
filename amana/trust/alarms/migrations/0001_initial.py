import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decoy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='TimerRun',
            fields=[
                ('command', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('known_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('unfinished_since', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=120)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LogPosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('up_to', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ActiveDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('kind', models.CharField(choices=[('denied', "Access denied by a rule"), ('opened', 'Cases and shared information opened'), ('names', 'Names seen in lists'), ('searched', 'Searches for people'), ('taken', "Messages and files opened or exported"), ('failed', 'Wrong passphrases while signed in'), ('duress', "A worker was forced to open an offline pack"), ('door', "Wrong passphrases at sign-in, for many accounts"), ('decoy', "A decoy case was opened, found or taken out")], max_length=8)),
                ('role', models.CharField(blank=True, max_length=120)),
                ('count', models.PositiveIntegerField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'role', 'on'], name='active_day_of_role')],
                'constraints': [models.UniqueConstraint(fields=('user', 'on', 'kind'), name='active_day_once')],
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('denied', "Access denied by a rule"), ('opened', 'Cases and shared information opened'), ('names', 'Names seen in lists'), ('searched', 'Searches for people'), ('taken', "Messages and files opened or exported"), ('failed', 'Wrong passphrases while signed in'), ('duress', "A worker was forced to open an offline pack"), ('door', "Wrong passphrases at sign-in, for many accounts"), ('decoy', "A decoy case was opened, found or taken out")], max_length=8)),
                ('on', models.DateField()),
                ('count', models.PositiveIntegerField()),
                ('budget', models.PositiveIntegerField()),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('explained', 'There is a good reason for it'), ('incident', 'It is a data breach')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('told', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-raised_at', '-id'], name='alarm_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('user', 'kind', 'on'), name='alarm_one_open_of_a_day'), models.UniqueConstraint(condition=models.Q(('settled_at', None), ('user', None)), fields=('kind', 'on'), name='alarm_one_open_at_the_door'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'door'), ('user', None)), models.Q(('user__isnull', False), models.Q(('kind', 'door'), _negated=True)), _connector='OR'), name='alarm_of_someone_or_at_the_door'), models.CheckConstraint(condition=models.Q(('settled_by', None), ('user', None), models.Q(('settled_by', models.F('user')), _negated=True), _connector='OR'), name='alarm_settled_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None), ('settled_by', None), ('words', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('words', ''), _negated=True)), _connector='OR'), name='alarm_settled_whole')],
            },
        ),
        migrations.CreateModel(
            name='AlteredRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('key', "A key was replaced"), ('older', "An older version of a record was restored"), ('missing', 'A record is missing'), ('added', 'A record was added'), ('content', "The content of a record was replaced"), ('holders', "The holders of the case’s keys were changed"), ('case', 'The team or the restriction of the case was changed'), ('consent', "A consent doesn’t match what the person heard"), ('history', 'The signed history of the case was changed'), ('map', "The register of the last states of all cases was changed"), ('log', 'The log was changed'), ('erased', "An erased case was restored"), ('card', "A search card was damaged or replaced")], max_length=8)),
                ('case', models.UUIDField(blank=True, null=True)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('found_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('told', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-found_at', '-id'], name='altered_newest')],
            },
        ),
    ]
