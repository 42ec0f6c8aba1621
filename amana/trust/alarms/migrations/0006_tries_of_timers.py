from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0005_decoy'),
    ]

    operations = [
        migrations.AddField(
            model_name='timerrun',
            name='error',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='timerrun',
            name='tried_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='timerrun',
            name='unfinished_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
