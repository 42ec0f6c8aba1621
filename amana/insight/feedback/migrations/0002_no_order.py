"""On SQLite, words and slips lie in no order of their own: a row knows no number by
which one could tell which came first. PostgreSQL is seen to by `actions.mix`."""

from django.db import migrations

from amana.database import in_no_order

TABLES = ("feedback_slip", "feedback_waiting", "feedback_voice")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [migrations.RunPython(in_no_order(*TABLES))]
