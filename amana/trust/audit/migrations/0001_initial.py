import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor', models.CharField(max_length=60)),
                ('role', models.CharField(blank=True, max_length=120)),
                ('did', models.CharField(max_length=60)),
                ('thing', models.CharField(blank=True, max_length=120)),
                ('case', models.UUIDField(blank=True, null=True)),
                ('purpose', models.CharField(blank=True, max_length=60)),
                ('commitment', models.BinaryField(max_length=32)),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='audit_event_by_case'), models.Index(fields=['actor', 'id'], name='audit_event_by_actor'), models.Index(fields=['did', 'id'], name='audit_event_by_did')],
            },
        ),
        migrations.CreateModel(
            name='AuditLeaf',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='AuditMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('place', models.BigIntegerField()),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('level', 'place'), name='audit_node_once')],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(unique=True)),
                ('root', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('line', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('size', 'name'), name='cosignature_once')],
            },
        ),
        migrations.CreateModel(
            name='LogStart',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('origin', models.CharField(max_length=200, unique=True)),
                ('seen', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditDetail',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='audit.auditevent')),
                ('salt', models.BinaryField(max_length=16)),
                ('details', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditPending',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='audit.auditevent')),
            ],
        ),
        migrations.AddField(
            model_name='auditleaf',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='leaf', to='audit.auditevent'),
        ),
        migrations.AddField(
            model_name='auditmention',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='audit.auditevent'),
        ),
        migrations.AddConstraint(
            model_name='auditmention',
            constraint=models.UniqueConstraint(fields=('case', 'event'), name='audit_mention_once'),
        ),
    ]
