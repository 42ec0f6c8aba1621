"""What the database itself sees to: a published release never changes, and remains."""

from django.db import migrations

WORDS = "a published release never changes"
OUT = {
    "release_release": "OLD.state = 'published'",
    "release_noisedtable": "OLD.signed_by_id IS NOT NULL",
}
"""When a row of each table is out."""

ON_SQLITE = [
    f"""
    CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table} WHEN {is_out}
    BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
    """
    for table, is_out in OUT.items()
    for verb in ("update", "delete")
]

ON_POSTGRESQL = [
    f"""
    CREATE FUNCTION release_remains() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$
    """,
    *(
        sql
        for table, is_out in OUT.items()
        for sql in (
            f"""
            CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {is_out} THEN RAISE EXCEPTION '{WORDS}'
                    USING ERRCODE = 'restrict_violation'; END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END $$
            """,
            f"""
            CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_stays()
            """,
            f"""
            CREATE TRIGGER {table}_remains BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION release_remains()
            """,
        )
    ),
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("release", "0001_initial")]

    operations = [migrations.RunPython(guard)]
