"""Asking services, their history, duplicates and what is taken out; its history only grows."""

from datetime import timedelta


import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


TABLE = "directory_servicechange"
ITS_SERVICE = "SELECT 1 FROM directory_service WHERE id = OLD.service_id"
SAME = ("id", "service_id", "source", "origin", "at", "by_id")
"""What may never be different: of a change only its fields can lose values."""

ON_SQLITE = [
    f"""
    CREATE TRIGGER {TABLE}_refuses_update BEFORE UPDATE ON {TABLE}
    WHEN NOT EXISTS ({ITS_SERVICE} AND hidden)
        OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in SAME)}
    BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END
    """,
    f"""
    CREATE TRIGGER {TABLE}_refuses_delete BEFORE DELETE ON {TABLE}
    WHEN EXISTS ({ITS_SERVICE})
    BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END
    """,
    f"""
    CREATE TRIGGER {TABLE}_goes_with_its_service AFTER DELETE ON directory_service
    BEGIN DELETE FROM {TABLE} WHERE service_id = OLD.id; END
    """,
]

ON_POSTGRESQL = [
    f"""
    CREATE FUNCTION directory_change_only_loses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS ({ITS_SERVICE} AND hidden)
            AND ({", ".join(f"NEW.{name}" for name in SAME)})
            IS NOT DISTINCT FROM ({", ".join(f"OLD.{name}" for name in SAME)}) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '% only grows', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_only_loses BEFORE UPDATE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION directory_change_only_loses()
    """,
    f"""
    CREATE TRIGGER {TABLE}_only_grows BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION directory_only_grows()
    """,
    f"""
    CREATE TRIGGER {TABLE}_stays_with_its_service BEFORE DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION directory_stays_with_its_service()
    """,
    f"""
    CREATE FUNCTION directory_takes_changes_along() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN DELETE FROM {TABLE} WHERE service_id = OLD.id; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER directory_service_takes_changes_along AFTER DELETE
    ON directory_service
    FOR EACH ROW EXECUTE FUNCTION directory_takes_changes_along()
    """,
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


def leave_time(apps, schema_editor):
    """Let what is overdue today be confirmed within another 90 days: from now on it
    would leave matching at once, and a directory could be empty after an upgrade."""
    services = apps.get_model("directory", "Service").objects
    yesterday = timezone.localdate() - timedelta(days=1)
    long_ago = timezone.now() - timedelta(days=91)
    services.filter(verify_by__lt=yesterday).update(verify_by=yesterday)
    services.filter(verify_by=None, created_at__lt=long_ago).update(
        verify_by=yesterday
    )


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_areas_by_file'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='service',
            name='changed_here',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='service',
            name='merged_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='directory.service'),
        ),
        migrations.CreateModel(
            name='VerificationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('digest', models.BinaryField(max_length=32, null=True, unique=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verification_requests', to='directory.service')),
            ],
        ),
        migrations.CreateModel(
            name='ChangeProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('values', models.JSONField(default=dict)),
                ('words', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('is_accepted', models.BooleanField(default=False)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='directory.service')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal', to='directory.verificationrequest')),
            ],
        ),
        migrations.CreateModel(
            name='Delisting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_coordinator', models.BooleanField(default=False)),
                ('status_before', models.CharField(max_length=8)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delistings', to='directory.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('service',), name='delisting_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='DuplicateDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_same', models.BooleanField()),
                ('status_before', models.CharField(blank=True, max_length=8)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('main', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('main', 'other'), name='duplicate_decided_once'), models.UniqueConstraint(condition=models.Q(('is_same', True), ('undone_at', None)), fields=('other',), name='duplicate_merged_into_one'), models.CheckConstraint(condition=models.Q(('main', models.F('other')), _negated=True), name='duplicate_of_another')],
            },
        ),
        migrations.CreateModel(
            name='ReminderSwitch',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('off_since', models.DateTimeField(null=True)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='reminder_switch_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='ServiceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('person', 'Changed here'), ('proposal', 'Proposed by the service'), ('import', 'Imported')], max_length=8)),
                ('origin', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fields', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='directory.service')),
            ],
            options={
                'indexes': [models.Index(fields=['service', '-at'], name='directory_s_service_c13963_idx')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('means', models.CharField(choices=[('link', 'By a link'), ('phone', 'By telephone'), ('here', 'On the page of the service')], max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_role', models.CharField(blank=True, max_length=120)),
                ('confirmed', models.JSONField(default=list)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to='directory.service')),
            ],
            options={
                'indexes': [models.Index(fields=['service', '-at'], name='directory_v_service_0a19d6_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by', None), ('means', 'link')), models.Q(models.Q(('means', 'link'), _negated=True), ('by__isnull', False)), _connector='OR'), name='verification_by_link_has_no_colleague')],
            },
        ),
        migrations.AddIndex(
            model_name='verificationrequest',
            index=models.Index(fields=['service', '-asked_at'], name='directory_v_service_ecd589_idx'),
        ),
        migrations.AddConstraint(
            model_name='verificationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), ('digest__isnull', False), _connector='OR'), name='verification_request_mailed_before_it_is_answered'),
        ),
        migrations.AddIndex(
            model_name='changeproposal',
            index=models.Index(fields=['service', 'decided_at'], name='directory_c_service_ab3ddd_idx'),
        ),
        migrations.AddConstraint(
            model_name='changeproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_accepted', False)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('words', '')), _connector='OR'), name='change_proposal_decided_by_a_colleague'),
        ),
        migrations.RunPython(leave_time),
        migrations.RunPython(guard),
    ]
