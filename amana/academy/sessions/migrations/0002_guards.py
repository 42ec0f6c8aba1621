"""What the database itself sees to: what was told in a room stays as it was told."""

from django.db import migrations

GUARDED = [
    ("sessions_roomevent", "UPDATE", "what happened in a room stays as it was told"),
    ("sessions_note", "UPDATE OF text", "an earlier wording of notes stays"),
]


def on_sqlite(table, event, words):
    return [
        f"""
        CREATE TRIGGER {table}_stays BEFORE {event} ON {table}
        BEGIN SELECT RAISE(ABORT, '{words}'); END
        """
    ]


def on_postgresql(table, event, words):
    return [
        f"""
        CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';
        END $$
        """,
        f"""
        CREATE TRIGGER {table}_stays BEFORE {event} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_stays()
        """,
    ]


def guard(apps, schema_editor):
    """What the database itself sees to."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for guarded in GUARDED:
        for sql in on_postgresql(*guarded) if postgresql else on_sqlite(*guarded):
            schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("sessions", "0001_initial")]

    operations = [migrations.RunPython(guard)]
