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
            name="ErasureRequest",
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
                ("record", models.UUIDField(db_index=True)),
                ("received_on", models.DateField()),
                ("answer_by", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Waiting for an answer"),
                            ("granted", "Granted, waiting for a second person"),
                            ("confirmed", "Granted, erased after the delay"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn by the person"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("law", "The law requires us to keep it"),
                            ("court", "It is needed in court proceedings"),
                            ("life", "Erasing it now would put a life in danger"),
                            ("other", "The requester may not ask for this person"),
                        ],
                        max_length=6,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["received", "granted", "confirmed"])
                        ),
                        fields=("record",),
                        name="erasure_request_one_open_for_a_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(
                                    ("confirmed_by", models.F("decided_by")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_request_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "confirmed"), _negated=True),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_request_erased_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "refused"),
                                models.Q(("refusal", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "refused"), _negated=True),
                                ("refusal", ""),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_request_refused_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
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
                ("record", models.UUIDField(db_index=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("court", "Court proceedings"),
                            ("claim", "The person’s own claim, such as compensation"),
                            ("inquiry", "An inquiry into our work or a complaint"),
                            ("authority", "Order from an authority"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "In force, waiting for a second person"),
                            ("confirmed", "In force"),
                            (
                                "lifting",
                                "In force, to be lifted: waiting for a second person",
                            ),
                            ("lifted", "Lifted"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed: not confirmed in time"),
                            ("ended", "Ended"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lift_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
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
                            ("confirmed_by", None),
                            models.Q(
                                ("confirmed_by", models.F("set_by")), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="hold_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "lifted"), _negated=True),
                            models.Q(
                                ("lift_by__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(
                                    ("lifted_by", models.F("lift_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="hold_lifted_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_on__isnull", False), ("review_on", None)),
                            models.Q(("ends_on", None), ("review_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_ends_or_is_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["proposed", "withdrawn", "lapsed"]),
                            ("confirmed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="hold_in_force_by_two",
                    ),
                ],
            },
        ),
    ]
