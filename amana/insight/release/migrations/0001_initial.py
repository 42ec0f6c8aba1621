import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='SyntheticTree',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=24)),
                ('epsilon', models.FloatField()),
                ('tree', models.JSONField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'kind'), name='no_tree_learnt_twice')],
            },
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True)),
                ('epsilon', models.FloatField()),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('epsilon__gt', 0), ('epsilon__lte', 10)), name='budget_is_a_little')],
            },
        ),
        migrations.CreateModel(
            name='NoisedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=24)),
                ('by', models.CharField(max_length=60)),
                ('codes', models.JSONField()),
                ('counts', models.JSONField()),
                ('epsilon', models.FloatField()),
                ('sigma', models.FloatField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'kind', 'by'), name='no_table_noised_twice'), models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('made_by')), _negated=True), _connector='OR'), name='noised_table_signed_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('signed_by', None)), models.Q(('published_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='noised_table_published_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('until', models.DateField()),
                ('smallest', models.PositiveSmallIntegerField()),
                ('inhabitants', models.PositiveBigIntegerField(default=0)),
                ('mechanism', models.CharField(blank=True, max_length=200)),
                ('chosen', models.JSONField()),
                ('pages', models.JSONField()),
                ('why', models.TextField(blank=True, max_length=1000)),
                ('changes', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('proposed', 'Waits for a second signature'), ('published', 'Published'), ('away', 'Archived')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('restates', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='restated_by', to='release.release')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('signed_by__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('published_at', None), ('signed_by', None)), _connector='OR'), name='release_published_is_signed'), models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='release_signed_by_two'), models.CheckConstraint(condition=models.Q(('restates', None), models.Q(('why', ''), _negated=True), _connector='OR'), name='release_restated_with_a_reason')],
            },
        ),
    ]
