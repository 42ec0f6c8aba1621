"""What the database itself sees to: the log only grows, and each event waits to be
sealed. It binds the program and whoever uses its account; who owns the tables could
lift it, and then the tree shows what was done."""

from django.db import migrations

ONLY_GROW = [
    "audit_auditevent",
    "audit_auditmention",
    "audit_auditleaf",
    "audit_auditnode",
    "audit_checkpoint",
    "audit_logstart",
]
MAY_BE_SHREDDED = "audit_auditdetail"

ON_SQLITE = [
    f"""
    CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
    """
    for table, verbs in {
        **dict.fromkeys(ONLY_GROW, ("update", "delete")),
        MAY_BE_SHREDDED: ("update",),
    }.items()
    for verb in verbs
] + [
    """
    CREATE TRIGGER audit_auditevent_waits AFTER INSERT ON audit_auditevent
    BEGIN INSERT INTO audit_auditpending (event_id) VALUES (NEW.id); END
    """,
]

ON_POSTGRESQL = [
    """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation'; END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_only_grows
        BEFORE {verbs} ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
        """
        for table, verbs in {
            **dict.fromkeys(ONLY_GROW, "UPDATE OR DELETE OR TRUNCATE"),
            MAY_BE_SHREDDED: "UPDATE",
        }.items()
    ),
    # The transaction by which the event came to be: the order of sealing.
    """
    ALTER TABLE audit_auditpending ADD COLUMN transaction xid8
    NOT NULL DEFAULT pg_current_xact_id()
    """,
    """
    CREATE INDEX audit_pending_in_order ON audit_auditpending (transaction, event_id)
    """,
    """
    CREATE FUNCTION audit_waits() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO audit_auditpending (event_id) VALUES (NEW.id);
    RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER audit_auditevent_waits AFTER INSERT ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_waits()
    """,
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for sql in ON_POSTGRESQL if postgresql else ON_SQLITE:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guard)]
