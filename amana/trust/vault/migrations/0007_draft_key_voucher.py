from django.db import migrations, models


def drop_unvouched(apps, schema_editor):
    """A key that nobody vouched for is made anew when a device next gets ready."""
    if apps.get_model("vault", "WaitingDraft").objects.exists():
        raise RuntimeError(
            "Meetings wait to be taken. Take them with the version before this one "
            "first: their keys carry no voucher, and would not open them any more."
        )
    apps.get_model("vault", "DraftKey").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0006_key_removals'),
    ]

    operations = [
        migrations.RunPython(drop_unvouched, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name='draftkey',
            name='voucher',
            field=models.BinaryField(default=b'', max_length=32),
            preserve_default=False,
        ),
    ]
