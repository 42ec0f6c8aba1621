from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0008_retention")]

    operations = [
        migrations.AddField(
            model_name="personkey",
            name="verify_key",
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
    ]
