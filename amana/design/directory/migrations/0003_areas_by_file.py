"""Names of areas in any language; which areas the last file doesn't name; and what a
service covers in words."""

from importlib import import_module
from typing import Any

import django.utils.timezone
from django.db import migrations, models

LANGUAGES = ("en", "fr", "ar")
GUARDS = import_module("amana.design.directory.migrations.0002_guards")


def lift_guards(apps: Any, editor: Any) -> None:
    """Drop the guards of SQLite, where a column more is a new table under the old
    name: a trigger that names it would refuse that."""
    if editor.connection.vendor == "sqlite":
        for sql in GUARDS.ON_SQLITE:
            name = sql.split()[2]
            editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)


def put_guards_back(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for sql in GUARDS.ON_SQLITE:
            editor.execute(sql, params=None)


def gather_names(apps: Any, editor: Any) -> None:
    """Gather the names of each area, which were columns."""
    areas = apps.get_model("directory", "Area").objects.using(editor.connection.alias)
    for area in areas.defer("geometry").iterator():
        names = {code: getattr(area, f"name_{code}") for code in LANGUAGES}
        area.names = {code: name for code, name in names.items() if name}
        area.save(update_fields=["names"])


class Migration(migrations.Migration):

    dependencies = [
        ("directory", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="area",
            name="names",
            field=models.JSONField(default=dict, verbose_name="names"),
        ),
        migrations.RunPython(gather_names, migrations.RunPython.noop),
        migrations.RemoveField(model_name="area", name="name_en"),
        migrations.RemoveField(model_name="area", name="name_fr"),
        migrations.RemoveField(model_name="area", name="name_ar"),
        migrations.AddField(
            model_name="area",
            name="left_out_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="area",
            name="updated_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.RunPython(lift_guards, put_guards_back),
        migrations.AddField(
            model_name="service",
            name="coverage_note",
            field=models.CharField(
                blank=True,
                help_text=(
                    "For a part of an area, or one that isn’t in the list. Matching "
                    "asks about it."
                ),
                max_length=300,
                verbose_name="areas served, in words",
            ),
        ),
        migrations.RunPython(put_guards_back, lift_guards),
    ]
