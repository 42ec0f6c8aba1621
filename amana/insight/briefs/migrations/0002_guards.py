"""What the database itself sees to: a published brief stays as it is, with its words."""

from django.db import migrations

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
    dependencies = [("briefs", "0001_initial")]

    operations = [migrations.RunPython(guard)]
