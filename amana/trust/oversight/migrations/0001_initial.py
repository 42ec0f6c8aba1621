import django.db.models.deletion
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
            name="Breach",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("look", "Data viewed without need"),
                            ("sent", "Sent to the wrong person"),
                            (
                                "consent",
                                "Shared without consent, or more than was agreed",
                            ),
                            ("lost", "A device or paper was lost or stolen"),
                            ("intrusion", "Someone broke in"),
                            ("changed", "Changed or deleted by mistake"),
                            ("gone", "Not available when it was needed"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[
                            ("none", "Unlikely to harm anyone"),
                            ("some", "Could harm someone"),
                            ("high", "Could do serious harm"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "people",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("10", "Up to 10"),
                            ("100", "11 to 100"),
                            ("1000", "101 to 1,000"),
                            ("more", "More than 1,000"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("found_at", models.DateTimeField()),
                ("words", models.TextField(max_length=2000)),
                ("notified_at", models.DateTimeField(blank=True, null=True)),
                ("why_late", models.CharField(blank=True, max_length=500)),
                ("people_told_on", models.DateField(blank=True, null=True)),
                ("why_not", models.CharField(blank=True, max_length=500)),
                ("done", models.TextField(blank=True, max_length=2000)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("why_struck", models.CharField(blank=True, max_length=500)),
                ("figure", models.UUIDField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None),
                            models.Q(("done", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="breach_closed_by_what_was_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at", None), ("why_struck", "")),
                            models.Q(
                                ("struck_at__isnull", False),
                                models.Q(("why_struck", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="breach_struck_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notified_at", None),
                            ("notified_at__gte", models.F("found_at")),
                            _connector="OR",
                        ),
                        name="breach_notified_after_it_was_found",
                    ),
                ],
            },
        ),
    ]
