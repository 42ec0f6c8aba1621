
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_user_learner_since'),
        ('directory', '0003_areas_by_file'),
        ('imports', '0003_places_of_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('organisation', 'Organisations'), ('missing', 'Organisations that the file does not hold'), ('area', 'Areas')], max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('rows', models.PositiveIntegerField()),
                ('resolution', models.CharField(choices=[('known', 'In the directory'), ('new', 'New'), ('similar', 'Similar to one in the directory'), ('unknown', 'Not known'), ('left', 'Its services are left out')], max_length=8)),
                ('new_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('created_organisation', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='import',
            name='asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='import',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='import',
            name='named_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='import',
            name='problem',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='import',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='turn',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='worked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importrow',
            name='mended',
            field=models.JSONField(blank=True, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True),
        ),
        migrations.AddField(
            model_name='importrow',
            name='missing',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='importrow',
            name='version',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sourceupload',
            name='sketch',
            field=models.BinaryField(default=b''),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['origin_id'], name='import_row_by_origin_id'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at', None), ('asked_by__isnull', False), _connector='OR'), name='import_asked_by_someone'),
        ),
        migrations.AddField(
            model_name='importname',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.area'),
        ),
        migrations.AddField(
            model_name='importname',
            name='brought',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='imports.import'),
        ),
        migrations.AddField(
            model_name='importname',
            name='created_team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='access.team'),
        ),
        migrations.AddField(
            model_name='importname',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='access.organisation'),
        ),
        migrations.AddIndex(
            model_name='importname',
            index=models.Index(fields=['brought', 'kind', 'resolution', 'rows'], name='imports_imp_brought_145e29_idx'),
        ),
        migrations.AddConstraint(
            model_name='importname',
            constraint=models.UniqueConstraint(fields=('brought', 'kind', 'name'), name='import_name_once'),
        ),
    ]
