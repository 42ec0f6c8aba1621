import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0009_verify_key")]

    operations = [
        migrations.CreateModel(
            name="RosterStatement",
            fields=[
                (
                    "place",
                    models.PositiveIntegerField(primary_key=True, serialize=False),
                ),
                ("text", models.TextField()),
                ("hash", models.BinaryField(max_length=32)),
                ("signatures", models.JSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="personwrap",
            name="seen",
            field=models.BinaryField(default=b""),
        ),
        migrations.RemoveField(model_name="teamwrap", name="voucher"),
    ]
