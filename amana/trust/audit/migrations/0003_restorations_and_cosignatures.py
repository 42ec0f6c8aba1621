"""Where new logs begin, and who cosigned; and what was signed last, for a log that is there already."""

from django.db import migrations, models

TABLE = "audit_logstart"


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""
            CREATE TRIGGER {TABLE}_only_grows
            BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
            """,
            params=None,
        )
        return
    for verb in ("update", "delete"):
        schema_editor.execute(
            f"""
            CREATE TRIGGER {TABLE}_refuses_{verb} BEFORE {verb} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END
            """,
            params=None,
        )


def keep_last(apps, schema_editor):
    from amana.trust.audit import anchor

    notes = apps.get_model("audit", "Checkpoint").objects.order_by("-size")
    last = notes.values_list("note", flat=True).first()
    if last and not anchor.path().exists():
        anchor.keep(last)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="LogStart",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=200, unique=True)),
                ("seen", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["size", "name"], name="cosignature_once"
                    )
                ],
            },
        ),
        migrations.RunPython(guard),
        migrations.RunPython(keep_last),
    ]
