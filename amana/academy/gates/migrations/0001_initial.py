import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
        ('mechanism', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequirementException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('certificate', models.CharField(max_length=60)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(choices=[('learning', "They are studying for it"), ('renewing', 'They are about to renew it'), ('experience', 'They have shown elsewhere that they can do it'), ('nobody_else', "No one else could do it in the meantime"), ('covered', 'Colleagues do it in their place'), ('safety', 'It would not be safe')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'team', 'at'], name='decision_for_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('user', models.F('by')), _negated=True), name='decision_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=60)),
                ('role', models.CharField(choices=[('screener', 'Screener'), ('case_worker', 'Case worker'), ('supervisor', 'Supervisor'), ('focal_point', 'Focal point'), ('coordinator', 'Coordinator'), ('authority', 'Authority'), ('analyst', 'Analyst'), ('dpo', 'Data-protection officer'), ('auditor', 'Auditor'), ('administrator', 'Administrator'), ('trainer', 'Trainer')], max_length=20)),
                ('certificate', models.CharField(max_length=60)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('mechanism', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='mechanism.mechanism')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mechanism', 'part', 'certificate'), name='requirement_once')],
            },
        ),
    ]
