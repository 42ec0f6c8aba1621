import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0006_tries_of_timers'),
    ]

    operations = [
        migrations.AddField(
            model_name='timerrun',
            name='known_since',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='timerrun',
            name='at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
