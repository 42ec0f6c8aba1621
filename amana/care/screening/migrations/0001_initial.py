import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("cases", "0001_initial"),
        ("mechanism", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Screening",
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
                ("instrument", models.CharField(max_length=60)),
                ("instance", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("U0", "Emergency"),
                            ("U1", "High"),
                            ("U2", "Medium"),
                            ("U3", "Routine"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "screened_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                ("due_at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("handed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "The person agrees to hand it to this team"),
                            ("child", "A child: protection comes first"),
                            ("life", "Danger to life"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "helped",
                                "Helped on the spot; wants nothing more for now",
                            ),
                            ("elsewhere", "Put in touch with another service"),
                            ("not_wished", "The person does not want contact"),
                            ("unreached", "Could not be reached"),
                            ("expired", "Not continued in time: destroyed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screenings",
                        to="cases.case",
                    ),
                ),
                (
                    "decided_with",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="access.team",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="mechanism.version",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("case", None), ("ended_at", None)),
                        fields=["team", "due_at", "id"],
                        name="screening_waiting",
                    ),
                    models.Index(
                        fields=["screened_by", "-screened_at"],
                        name="screening_by_somebody",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("screened_by", "instance"), name="screening_taken_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(
                                ("case", None),
                                ("ended_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="screening_ended_with_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at", None), ("judged_by", None)),
                            models.Q(
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="screening_judged_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("basis", ""),
                                ("handed_at", None),
                                ("handed_by", None),
                                ("origin", None),
                            ),
                            models.Q(
                                ("handed_at__isnull", False),
                                ("handed_by__isnull", False),
                                ("origin__isnull", False),
                                models.Q(("basis", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="screening_handed_over_on_a_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis__in", ["", "agreed"]),
                            ("decided_with__isnull", False),
                            _connector="OR",
                        ),
                        name="screening_two_decide_without_agreement",
                    ),
                ],
            },
        ),
    ]
