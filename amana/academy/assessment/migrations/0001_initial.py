import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('courses', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('module', models.CharField(max_length=60)),
                ('number', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('waiting', "Waiting for an assessor"), ('taken', "Being marked"), ('passed', 'Passed'), ('revise', 'To be revised'), ('appealed', "Under appeal"), ('withdrawn', "Withdrawn")], default='waiting', max_length=12)),
                ('words', models.TextField(blank=True, max_length=40000)),
                ('handed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('taken_until', models.DateTimeField(blank=True, null=True)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
                ('enrolment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='works', to='courses.enrolment')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status__in', ['waiting', 'taken', 'appealed'])), fields=['due_at', 'id'], name='handin_waiting')],
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'module', 'number'), name='handin_version_once'), models.UniqueConstraint(condition=models.Q(('status__in', ['waiting', 'taken', 'appealed'])), fields=('enrolment', 'module'), name='handin_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'taken'), ('taken_by__isnull', False), ('taken_until__isnull', False)), models.Q(models.Q(('status', 'taken'), _negated=True), ('taken_by', None), ('taken_until', None)), _connector='OR'), name='handin_taken_iff_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rubric', models.CharField(max_length=64)),
                ('verdicts', models.JSONField()),
                ('passed', models.BooleanField()),
                ('to_do', models.TextField(blank=True, max_length=4000)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('overrides', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overridden_by', to='assessment.mark')),
                ('hand_in', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='assessment.handin')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hand_in', 'assessor', 'rubric'), name='assessment_one_of_each'), models.CheckConstraint(condition=models.Q(models.Q(('overrides', None), ('reason', '')), models.Q(('overrides__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='assessment_overrides_iff_reason'), models.CheckConstraint(condition=models.Q(('passed', True), models.Q(('to_do', ''), _negated=True), _connector='OR'), name='assessment_says_what_to_do')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=4000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('hand_in', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='appeal', to='assessment.handin')),
            ],
        ),
        migrations.CreateModel(
            name='CertificateName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown', models.CharField(choices=[('name', 'My name'), ('pseudonym', 'A pseudonym that I choose'), ('nothing', 'No name')], max_length=10)),
                ('pseudonym', models.CharField(blank=True, max_length=80)),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='wish', to='courses.enrolment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('shown', 'pseudonym'), models.Q(('pseudonym', ''), _negated=True)), models.Q(models.Q(('shown', 'pseudonym'), _negated=True), ('pseudonym', '')), _connector='OR'), name='wish_pseudonym_iff_so')],
            },
        ),
        migrations.CreateModel(
            name='WorkFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=40)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('hand_in', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='assessment.handin')),
            ],
        ),
        migrations.CreateModel(
            name='Assessor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('appointed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('appointed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assesses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user',), name='assessor_once_at_a_time'), models.CheckConstraint(condition=models.Q(('user', models.F('appointed_by')), _negated=True), name='assessor_appointed_by_another')],
            },
        ),
    ]
