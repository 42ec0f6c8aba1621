"""What the database itself sees to: a published brief stays as it is, with its words."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

BRIEF, PASSAGE = "briefs_brief", "briefs_passage"


def published(row):
    return f"(SELECT state FROM {BRIEF} WHERE id = {row}.brief_id) = 'published'"


GUARDS = [
    ("briefs_brief_stays", "UPDATE", BRIEF, "OLD.state = 'published'"),
    ("briefs_brief_remains", "DELETE", BRIEF, "OLD.state = 'published'"),
    ("briefs_passage_comes", "INSERT", PASSAGE, published("NEW")),
    ("briefs_passage_stays", "UPDATE", PASSAGE, "1 = 1"),
    ("briefs_passage_remains", "DELETE", PASSAGE, published("OLD")),
]
WORDS = "a published brief stays as it is"


def on_sqlite(name, event, table, when):
    yield f"""
        CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when}
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
    """


def on_postgresql(name, event, table, when):
    yield f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {when} THEN RAISE EXCEPTION '{WORDS}'
                USING ERRCODE = 'restrict_violation'; END IF;
            RETURN {"OLD" if event == "DELETE" else "NEW"};
        END $$
    """
    yield f"""
        CREATE TRIGGER {name} BEFORE {event} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}()
    """


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for given in GUARDS:
        for sql in (on_postgresql if postgresql else on_sqlite)(*given):
            schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('costing', '0001_initial'),
        ('release', '0002_what_is_out_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('brief', 'Policy brief'), ('report', 'National report')], default='brief', max_length=8)),
                ('about', models.CharField(blank=True, max_length=8)),
                ('gap', models.CharField(blank=True, max_length=60)),
                ('year', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('away', 'Put away')], default='draft', max_length=12)),
                ('cited', models.JSONField(blank=True, default=dict)),
                ('languages', models.JSONField(blank=True, default=list)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='release.release')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='briefs.brief')),
                ('scenario', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='costing.scenario')),
                ('writers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=30)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('words', models.TextField(blank=True)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='briefs.brief')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('published_at', None)), _connector='OR'), name='brief_published_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'brief'), ('release__isnull', False), _connector='OR'), name='report_has_its_release'),
        ),
        migrations.RunPython(guard),
    ]
