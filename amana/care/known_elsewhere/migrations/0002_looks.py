from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("known_elsewhere", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="looked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
