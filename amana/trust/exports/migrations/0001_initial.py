import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amana.trust.vault.models.team_keys.generate_uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("person", "For the person, at their request"),
                            ("help", "To help the person where there is no screen"),
                            (
                                "handover",
                                "For another organisation, with the person’s consent",
                            ),
                            ("duty", "A law or a court requires it"),
                            ("check", "To check the quality of the work"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                ("count", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ready", "Allowed"),
                            ("waiting", "Waiting for a second person"),
                            ("refused", "Refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("open_until", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["by", "asked_at"], name="export_of_day"),
                    models.Index(fields=["-asked_at", "-id"], name="export_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="export_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("open_until__isnull", False), ("status", "ready")
                            ),
                            models.Q(
                                models.Q(("status", "ready"), _negated=True),
                                ("open_until", None),
                            ),
                            _connector="OR",
                        ),
                        name="export_open_iff_allowed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("thing", models.UUIDField()),
                ("record", models.UUIDField(db_index=True)),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="exports.export",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("export", "thing"), name="exported_thing_once"
                    )
                ],
            },
        ),
    ]
