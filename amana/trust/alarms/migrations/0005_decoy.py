import uuid

from django.db import migrations, models

KINDS = [
    ("denied", "Turned away by a rule"),
    ("opened", "Cases and shared information opened"),
    ("names", "Names seen in lists"),
    ("searched", "Searches for people"),
    ("taken", "Letters and files taken out"),
    ("failed", "Wrong passphrases while signed in"),
    ("duress", "A worker was made to open an offline pack"),
    ("door", "Wrong passphrases at the door, for many accounts"),
    ("decoy", "A decoy case opened, found or taken along"),
]


class Migration(migrations.Migration):
    dependencies = [("alarms", "0004_altered_record")]

    operations = [
        migrations.CreateModel(
            name="Decoy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.AlterField(
            model_name="activeday",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8),
        ),
    ]
