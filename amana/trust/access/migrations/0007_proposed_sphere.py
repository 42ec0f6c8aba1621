import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SPHERES = [
    ("humanitarian", "Humanitarian and social"),
    ("health", "Health"),
    ("legal", "Legal"),
    ("law_enforcement", "Law enforcement and justice"),
    ("border", "Border and immigration"),
]


class Migration(migrations.Migration):
    dependencies = [("access", "0006_device")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="proposed_sphere",
            field=models.CharField(blank=True, choices=SPHERES, max_length=20),
        ),
        migrations.AddField(
            model_name="organisation",
            name="sphere_proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_sphere", ""), ("sphere_proposed_by", None))
                | models.Q(
                    models.Q(("proposed_sphere", ""), _negated=True),
                    ("sphere_proposed_by__isnull", False),
                ),
                name="organisation_sphere_proposed_by_someone",
            ),
        ),
    ]
