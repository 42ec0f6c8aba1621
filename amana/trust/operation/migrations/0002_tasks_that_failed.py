"""The few background tasks that failed are found without reading all that were done.

The table is the library's: Django would take an index of ours in its models for one
that the library has dropped, so it is written in SQL that both databases read."""

from django.db import migrations

INDEX = "operation_tasks_that_failed"


class Migration(migrations.Migration):
    dependencies = [
        ("operation", "0001_initial"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {INDEX} ON django_tasks_database_dbtaskresult "
            "(status, enqueued_at)",
            f"DROP INDEX {INDEX}",
        )
    ]
