"""On SQLite, words and slips lie in no order of their own: a row knows no number by
which one could tell which came first. PostgreSQL is seen to by `actions.mix`."""

from django.db import migrations

TABLES = ("feedback_slip", "feedback_waiting", "feedback_voice")


def without_order(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                "SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql > ''",
                [table],
            )
            found = cursor.fetchall()
            cursor.execute(f"DROP TABLE {table}")
            for kind, sql in sorted(found, key=lambda one: one[0] != "table"):
                cursor.execute(f"{sql} WITHOUT ROWID" if kind == "table" else sql)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [migrations.RunPython(without_order)]
