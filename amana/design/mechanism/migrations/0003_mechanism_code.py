from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mechanism", "0002_guards")]

    operations = [
        migrations.RenameField(
            model_name="mechanism", old_name="slug", new_name="code"
        ),
    ]
