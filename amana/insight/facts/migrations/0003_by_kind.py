"""What one kind of fact says is found without reading all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("facts", "0002_guards")]

    operations = [
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["kind", "month"], name="fact_by_kind"),
        )
    ]
