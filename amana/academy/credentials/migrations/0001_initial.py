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
            name='IssuerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('multikey', models.CharField(max_length=60, unique=True)),
                ('jwk', models.JSONField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('distrusted_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60)),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('Certification', 'Assessed'), ('CertificateOfCompletion', 'Attended')], default='Certification', max_length=30)),
                ('language', models.CharField(default='en', max_length=5)),
                ('name', models.CharField(max_length=200)),
                ('description', models.TextField()),
                ('criteria', models.TextField()),
                ('rubric', models.JSONField(blank=True, default=list)),
                ('months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('defined_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='achievement_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('document', models.JSONField()),
                ('compact', models.JSONField()),
                ('token', models.TextField()),
                ('listed_in', models.PositiveIntegerField(default=1)),
                ('place', models.PositiveIntegerField()),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('valid_until', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, choices=[('mistake', 'It was issued by mistake'), ('work', 'The assessed work was not the person’s own'), ('conduct', "The person broke the rules of the profession"), ('wish', 'The person wishes it'), ('replaced', 'A newer certificate replaces it')], max_length=20)),
                ('achievement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='credentials.achievement')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='credentials.issuerkey')),
            ],
            options={
                'indexes': [models.Index(fields=['learner', 'achievement'], name='certificate_of_learner')],
                'constraints': [models.UniqueConstraint(fields=('listed_in', 'place'), name='certificate_has_its_place'), models.CheckConstraint(condition=models.Q(('place__lt', 131072)), name='certificate_place_in_list'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='certificate_revoked_iff_reason'), models.CheckConstraint(condition=models.Q(('learner', models.F('issued_by')), _negated=True), name='certificate_issued_by_another')],
            },
        ),
    ]
