"""Where a row is and what it covers, in areas of ours; coordinates to be turned."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("imports", "0002_source_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="turns",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrow",
            name="placed",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrow",
            name="served",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="importrow",
            name="shape",
            field=models.TextField(blank=True),
        ),
    ]
