import datetime

import django.db.models.deletion
import django.db.models.expressions
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
            name="PendingDecision",
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
                ("kind", models.CharField(max_length=40)),
                ("thing", models.UUIDField()),
                ("about", models.UUIDField(blank=True, null=True)),
                ("was", models.CharField(max_length=40)),
                ("choices", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("proof", models.CharField(max_length=64)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending_decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at", None)),
                        fields=["due_at"],
                        name="pending_decision_by_clock",
                    ),
                    models.Index(
                        fields=["by", "thing"], name="pending_pen_by_id_8047c0_idx"
                    ),
                    models.Index(
                        fields=["by", "about"], name="pending_pen_by_id_e6d420_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("failed_at", None)),
                        fields=("thing", "by"),
                        name="pending_decision_one_of_each_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__gte", models.F("made_at")),
                            (
                                "due_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("made_at"),
                                    "+",
                                    models.Value(datetime.timedelta(seconds=600)),
                                ),
                            ),
                        ),
                        name="pending_decision_ten_minutes_at_most",
                    ),
                ],
            },
        ),
    ]
