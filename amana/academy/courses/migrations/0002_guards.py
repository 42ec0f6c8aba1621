"""What the database itself sees to: a published version stays as it is, and an event
stays as it came. Events go only with the enrolment of somebody whose account goes."""

from django.db import migrations

GUARDED = [
    ("courses_version", "UPDATE", "a published version never changes"),
    ("courses_version", "DELETE", "a published version remains"),
    ("courses_event", "UPDATE", "what happened stays as it was told"),
]


def on_sqlite(table, event, words):
    return [
        f"""
        CREATE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table}
        BEGIN SELECT RAISE(ABORT, '{words}'); END
        """
    ]


def on_postgresql(table, event, words):
    name = f"{table}_refuses_{event.lower()}"
    return [
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';
        END $$
        """,
        f"""
        CREATE TRIGGER {name} BEFORE {event} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}()
        """,
    ]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for guarded in GUARDED:
        for sql in on_postgresql(*guarded) if postgresql else on_sqlite(*guarded):
            schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [migrations.RunPython(guard)]
