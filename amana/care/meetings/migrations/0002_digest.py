from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='digest',
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
    ]
