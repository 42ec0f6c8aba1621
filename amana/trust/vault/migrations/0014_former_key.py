import django.db.models.deletion
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    dependencies = [("vault", "0013_recovery_keys")]

    operations = [
        migrations.CreateModel(
            name="FormerKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amana.trust.vault.models.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "disclosure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former",
                        to="vault.disclosure",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former",
                        to="vault.compartmentkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("disclosure__isnull", False), ("key", None)
                        )
                        | models.Q(("disclosure", None), ("key__isnull", False)),
                        name="former_key_of_one",
                    )
                ],
            },
        ),
    ]
