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
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('module', models.CharField(max_length=60)),
                ('seed', models.UUIDField(default=uuid.uuid4)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='courses.enrolment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('submitted_at', None)), fields=('enrolment', 'module'), name='attempt_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('verb', models.CharField(choices=[('read', 'Read'), ('answered', 'Answered'), ('submitted', 'Submitted'), ('reviewed', 'Reviewed'), ('placed', 'Placed')], max_length=20)),
                ('object', models.CharField(max_length=140)),
                ('result', models.JSONField(blank=True, default=dict)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='courses.attempt')),
                ('enrolment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='courses.enrolment')),
            ],
            options={
                'indexes': [models.Index(fields=['enrolment', 'received_at'], name='event_of_enrolment')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('verb', 'submitted')), fields=('attempt',), name='event_one_submission'), models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', False), ('verb', 'submitted')), models.Q(('verb', 'submitted'), _negated=True), _connector='OR'), name='event_submission_of_attempt')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('compiled', models.TextField()),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('course', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='courses.course')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('course', 'number'), name='course_version_number'), models.UniqueConstraint(fields=('course', 'sha256'), name='course_version_wording')],
            },
        ),
        migrations.AddField(
            model_name='enrolment',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='courses.version'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(fields=('person', 'version'), name='enrolment_once_by_version'),
        ),
    ]
