"""On SQLite, what is remembered lies by its key: no row number tells which form that
nobody signed came before which (feedback's marks lie here too)."""

from django.db import migrations

from amana.database import recreate_without_rowid


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [migrations.RunPython(recreate_without_rowid("access_shortlivedvalue"))]
