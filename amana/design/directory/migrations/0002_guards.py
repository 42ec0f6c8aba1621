"""What the database itself sees to: what was said of free places, and how long answers
took, only grows. It goes with its service alone, when an import is undone: a trigger
takes it along, once the service itself is gone."""

from django.db import migrations

ONLY_GROW = ["directory_availability", "directory_responsetime"]
ITS_SERVICE_STAYS = "EXISTS (SELECT 1 FROM directory_service WHERE id = OLD.service_id)"

ON_SQLITE = [
    f"""
    CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table} {when}
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
    """
    for table in ONLY_GROW
    for verb, when in {"update": "", "delete": f"WHEN {ITS_SERVICE_STAYS}"}.items()
] + [
    f"""
    CREATE TRIGGER {table}_goes_with_its_service AFTER DELETE ON directory_service
    BEGIN DELETE FROM {table} WHERE service_id = OLD.id; END
    """
    for table in ONLY_GROW
]

ON_POSTGRESQL = [
    """
    CREATE FUNCTION directory_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation'; END $$
    """,
    f"""
    CREATE FUNCTION directory_stays_with_its_service() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        IF {ITS_SERVICE_STAYS} THEN
            RAISE EXCEPTION '% only grows', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END $$
    """,
    *(
        sql
        for table in ONLY_GROW
        for sql in (
            f"""
            CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION directory_only_grows()
            """,
            f"""
            CREATE TRIGGER {table}_stays_with_its_service BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION directory_stays_with_its_service()
            """,
        )
    ),
    f"""
    CREATE FUNCTION directory_takes_along() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {" ".join(f"DELETE FROM {t} WHERE service_id = OLD.id;" for t in ONLY_GROW)}
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER directory_service_takes_along AFTER DELETE ON directory_service
    FOR EACH ROW EXECUTE FUNCTION directory_takes_along()
    """,
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [migrations.RunPython(guard)]
