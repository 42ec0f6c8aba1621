import django.utils.timezone
from django.db import migrations, models


def received_when_screened(apps, schema_editor):
    screenings = apps.get_model("screening", "Screening")
    screenings.objects.update(received_at=models.F("screened_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0002_outcome'),
    ]

    operations = [
        migrations.AddField(
            model_name='screening',
            name='received_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.RunPython(received_when_screened, migrations.RunPython.noop),
    ]
