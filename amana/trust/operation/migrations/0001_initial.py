import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OutsideFile',
            fields=[
                ('setting', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
