"""On SQLite, words, slips and what became of a slip that was due lie in no order of
their own: a row knows no number by which one could tell which came first, while the
log knows at what hour each was dealt with. PostgreSQL is seen to by `actions.mix`."""

from django.db import migrations

from amana.database import recreate_without_rowid

TABLES = ("feedback_slip", "feedback_waitingvoice", "feedback_voice", "feedback_slipoffer")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [migrations.RunPython(recreate_without_rowid(*TABLES))]
