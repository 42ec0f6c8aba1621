"""What the database itself sees to: facts only grow, their areas are the country's, and
an agency's code is no name. On SQLite rows that wait lie in no order of their own."""

from django.db import migrations

OUTSIDE = "the area of a fact is no first-level area"
NO_CODE = "the agency of a fact is no code"
UNKNOWN_AREA = """
    NEW.area <> '' AND NOT EXISTS (
        SELECT 1 FROM directory_area WHERE code = NEW.area AND level = 1
    )
"""

ON_SQLITE = [
    *(
        f"""
        CREATE TRIGGER facts_fact_refuses_{verb} BEFORE {verb} ON facts_observation
        BEGIN SELECT RAISE(ABORT, 'facts_observation only grows'); END
        """
        for verb in ("update", "delete")
    ),
    f"""
    CREATE TRIGGER facts_fact_area BEFORE INSERT ON facts_observation WHEN {UNKNOWN_AREA}
    BEGIN SELECT RAISE(ABORT, '{OUTSIDE}'); END
    """,
    f"""
    CREATE TRIGGER facts_fact_agency BEFORE INSERT ON facts_observation
    WHEN NEW.agency GLOB '*[^a-z0-9-]*'
    BEGIN SELECT RAISE(ABORT, '{NO_CODE}'); END
    """,
    "DROP TABLE facts_pendingobservation",
    """
    CREATE TABLE facts_pendingobservation (
        id char(32) NOT NULL PRIMARY KEY, sealed BLOB NOT NULL
    ) WITHOUT ROWID
    """,
]

ON_POSTGRESQL = [
    """
    CREATE FUNCTION facts_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation'; END $$
    """,
    """
    CREATE TRIGGER facts_fact_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON facts_observation
    FOR EACH STATEMENT EXECUTE FUNCTION facts_only_grow()
    """,
    f"""
    CREATE FUNCTION facts_known() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {UNKNOWN_AREA} THEN RAISE EXCEPTION '{OUTSIDE}'
            USING ERRCODE = 'check_violation'; END IF;
        IF NEW.agency ~ '[^a-z0-9-]' THEN RAISE EXCEPTION '{NO_CODE}'
            USING ERRCODE = 'check_violation'; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER facts_fact_known BEFORE INSERT ON facts_observation
    FOR EACH ROW EXECUTE FUNCTION facts_known()
    """,
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("facts", "0001_initial"), ("directory", "0001_initial")]

    operations = [migrations.RunPython(guard)]
