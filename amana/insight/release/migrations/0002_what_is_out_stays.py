"""What the database itself sees to: a published release never changes, and remains."""

from django.db import migrations

TABLE = "release_release"
WORDS = "a published release never changes"
IS_OUT = "OLD.state = 'published'"

ON_SQLITE = [
    f"""
    CREATE TRIGGER release_refuses_{verb} BEFORE {verb} ON {TABLE} WHEN {IS_OUT}
    BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
    """
    for verb in ("update", "delete")
]

ON_POSTGRESQL = [
    f"""
    CREATE FUNCTION release_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {IS_OUT} THEN RAISE EXCEPTION '{WORDS}'
            USING ERRCODE = 'restrict_violation'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER release_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION release_stays()
    """,
    f"""
    CREATE FUNCTION release_remains() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$
    """,
    f"""
    CREATE TRIGGER release_remains BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION release_remains()
    """,
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("release", "0001_initial")]

    operations = [migrations.RunPython(guard)]
