import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProtectedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=24)),
                ('tables', models.JSONField()),
                ('said', models.JSONField()),
                ('smallest', models.PositiveSmallIntegerField(null=True)),
                ('until', models.DateField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'kind'), name='one_sheet_for_a_kind_and_year')],
            },
        ),
        migrations.CreateModel(
            name='CountryNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('inhabitants', 'Inhabitants'), ('smallest', "Smallest number shown")], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveBigIntegerField()),
                ('source', models.CharField(max_length=300)),
                ('said_at', models.DateTimeField(auto_now_add=True)),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='country_number_is_positive')],
            },
        ),
    ]
