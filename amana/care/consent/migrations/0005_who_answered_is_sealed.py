from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0004_vital_interests'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='consent',
            name='given_by',
        ),
    ]
