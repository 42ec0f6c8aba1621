"""Rows of earlier imports forget where a secret place is, and what became no service."""

from django.db import migrations
from django.db.models import Q

WHERE = {"address", "lat", "lon"}


def without_place(values):
    if values is None:
        return None
    return {name: value for name, value in values.items() if name not in WHERE}


def forget(apps, schema_editor):
    Service = apps.get_model("directory", "Service")
    ImportRow = apps.get_model("imports", "ImportRow")
    secret = Q(pk__in=[])
    for pk, origin, origin_id in Service.objects.filter(hidden=True).values_list(
        "pk", "origin", "origin_id"
    ):
        secret |= Q(service=pk)
        if origin_id:
            secret |= Q(brought__origin=origin, origin_id=origin_id)
    for row in ImportRow.objects.filter(secret):
        row.values = without_place(row.values)
        row.before = without_place(row.before)
        row.save(update_fields=["values", "before"])
    for row in ImportRow.objects.filter(outcome="quarantined", origin_id=""):
        name = row.values.get("name")
        row.values = {"name": name[:200]} if isinstance(name, str) else {}
        row.save(update_fields=["values"])


class Migration(migrations.Migration):

    dependencies = [
        ("directory", "0003_names_in_languages"),
        ("imports", "0001_initial"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
