"""What the database itself sees to: outside a draft no file changes; an adopted version
only goes on to be in force, and to be superseded; a signature stays as it was given."""

from django.db import migrations

VERSION, FILE = "mechanism_version", "mechanism_versionfile"
SIGNATURE = "mechanism_signature"

LASTING = [
    "mechanism_id",
    "number",
    "made_from_id",
    "sha256",
    "renamed",
    "revision",
    "begun_at",
    "begun_by_id",
    "consulted_at",
    "consulted_by_id",
    "adopted_at",
    "adopted_by_id",
]
"""Columns of an adopted version that stay as they are."""

GOES_ON = """
    (OLD.state = NEW.state
     OR (OLD.state = 'adopted' AND NEW.state = 'in_force')
     OR (OLD.state = 'in_force' AND NEW.state = 'superseded'))
"""
IS_FIXED = "OLD.state IN ('adopted', 'in_force', 'superseded')"


def is_changed(differs):
    lasting = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in LASTING)
    return f"{IS_FIXED} AND (NOT {GOES_ON} OR {lasting})"


def outside_a_draft(*rows):
    return " OR ".join(
        f"(SELECT state FROM {VERSION} WHERE id = {row}.version_id) <> 'draft'"
        for row in rows
    )


def refusal(name, event, table, when, words):
    return f"""
        CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when}
        BEGIN SELECT RAISE(ABORT, '{words}'); END
    """


ON_SQLITE = [
    refusal(
        "mechanism_version_stays",
        "UPDATE",
        VERSION,
        is_changed("IS NOT"),
        "an adopted version never changes",
    ),
    refusal(
        "mechanism_version_remains",
        "DELETE",
        VERSION,
        "OLD.state <> 'draft'",
        "a version that was discussed remains",
    ),
    *(
        refusal(
            f"mechanism_versionfile_refuses_{event.lower()}",
            event,
            FILE,
            outside_a_draft(*rows),
            "files change in a draft alone",
        )
        for event, rows in {
            "INSERT": ["NEW"],
            "UPDATE": ["OLD", "NEW"],
            "DELETE": ["OLD"],
        }.items()
    ),
    *(
        refusal(
            f"mechanism_signature_refuses_{event.lower()}",
            event,
            SIGNATURE,
            "1",
            "a signature stays",
        )
        for event in ("UPDATE", "DELETE")
    ),
]


def function(name, when, words, returns="NEW"):
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {when} THEN RAISE EXCEPTION '{words}'
                USING ERRCODE = 'restrict_violation'; END IF;
            RETURN {returns};
        END $$
    """


def trigger(name, event, table):
    return f"""
        CREATE TRIGGER {name} BEFORE {event} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}()
    """


ON_POSTGRESQL = [
    function(
        "mechanism_version_stays",
        is_changed("IS DISTINCT FROM"),
        "an adopted version never changes",
    ),
    trigger("mechanism_version_stays", "UPDATE", VERSION),
    function(
        "mechanism_version_remains",
        "OLD.state <> 'draft'",
        "a version that was discussed remains",
        "OLD",
    ),
    trigger("mechanism_version_remains", "DELETE", VERSION),
    *(
        sql
        for event, rows in {
            "INSERT": ["NEW"],
            "UPDATE": ["OLD", "NEW"],
            "DELETE": ["OLD"],
        }.items()
        for name in [f"mechanism_versionfile_refuses_{event.lower()}"]
        for sql in [
            function(
                name, outside_a_draft(*rows), "files change in a draft alone", rows[-1]
            ),
            trigger(name, event, FILE),
        ]
    ),
    function("mechanism_signature_stays", "TRUE", "a signature stays"),
    trigger("mechanism_signature_stays", "UPDATE OR DELETE", SIGNATURE),
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("mechanism", "0001_initial")]

    operations = [migrations.RunPython(guard)]
