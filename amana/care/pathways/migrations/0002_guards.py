"""What the database itself sees to: a fact stays as it was written, and goes only when
its case does, after it was closed."""

from django.db import migrations

FACT = "pathways_pathwayevent"
STILL_OPEN = """
    EXISTS (
        SELECT 1 FROM pathways_pathwayrun JOIN cases_case
        ON cases_case.id = pathways_pathwayrun.case_id
        WHERE pathways_pathwayrun.id = OLD.course_id AND cases_case.closed_at IS NULL
    )
"""

ON_SQLITE = [
    f"""
    CREATE TRIGGER pathways_fact_refuses_{event.lower()} BEFORE {event} ON {FACT}
    WHEN {when} BEGIN SELECT RAISE(ABORT, 'a fact stays'); END
    """
    for event, when in {"UPDATE": "1", "DELETE": STILL_OPEN}.items()
]

ON_POSTGRESQL = [
    sql
    for event, when in {"UPDATE": "TRUE", "DELETE": STILL_OPEN}.items()
    for sql in [
        f"""
        CREATE FUNCTION pathways_fact_refuses_{event.lower()}() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            IF {when} THEN RAISE EXCEPTION 'a fact stays'
                USING ERRCODE = 'restrict_violation'; END IF;
            RETURN OLD;
        END $$
        """,
        f"""
        CREATE TRIGGER pathways_fact_refuses_{event.lower()}
        BEFORE {event} ON {FACT}
        FOR EACH ROW EXECUTE FUNCTION pathways_fact_refuses_{event.lower()}()
        """,
    ]
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("pathways", "0001_initial")]

    operations = [migrations.RunPython(guard)]
