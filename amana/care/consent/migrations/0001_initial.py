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
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
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
                ("fields", models.JSONField(default=list)),
                ("along", models.JSONField(default=list)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("referral", "To ask for help from this service"),
                            ("coordination", "To plan help together"),
                            ("justice", "For a complaint or a court"),
                            ("statistics", "For statistics without names"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("unused", "Never used"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked_again_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("shared_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("language", models.CharField(max_length=35)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("written", "In writing"),
                            ("spoken", "Spoken, recorded by the worker"),
                            ("thumb", "By thumbprint"),
                            ("audio", "Spoken, with a sound recording"),
                        ],
                        max_length=10,
                    ),
                ),
                ("interpreter", models.BooleanField(default=False)),
                ("understood", models.BooleanField(default=False)),
                (
                    "copy",
                    models.CharField(
                        choices=[
                            ("none", "Not wanted"),
                            ("given", "The person has one"),
                            ("unsafe", "Not safe for the person to keep"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("has_conditions", models.BooleanField(default=False)),
                ("text_version", models.CharField(max_length=20)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="cases.case",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="cases.need",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="access.team",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["case", "status"], name="consent_con_case_id_e7dd96_idx"
                    ),
                    models.Index(
                        condition=models.Q(("status", "given")),
                        fields=["expires_at"],
                        name="consent_clock",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("status__in", ["given", "refused"])
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["withdrawn", "expired"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("shared_at", None),
                                ("status", "unused"),
                            ),
                            _connector="OR",
                        ),
                        name="consent_ended_at_iff_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "given"), _negated=True),
                            ("understood", True),
                            _connector="OR",
                        ),
                        name="consent_given_only_when_understood",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "refused"), _negated=True),
                            ("shared_at", None),
                            _connector="OR",
                        ),
                        name="consent_refused_shares_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VitalInterest",
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
                ("fields", models.JSONField(default=list)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unconscious", "The person is unconscious"),
                            (
                                "condition",
                                "Their condition means that they can’t be asked",
                            ),
                            (
                                "unreachable",
                                "Their life is in danger and we can’t reach them",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("provision", models.CharField(max_length=100)),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                ("confirm_by", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rejected", "Rejected by a second person"),
                            ("objected", "The person objected"),
                            ("consented", "Replaced by the person’s consent"),
                            ("expired", "Time limit passed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vital_interests",
                        to="cases.case",
                    ),
                ),
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
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vital_interests",
                        to="cases.need",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
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
                (
                    "told_by",
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
                    models.Index(
                        fields=["case", "recorded_at"],
                        name="consent_vit_case_id_1b189d_idx",
                    ),
                    models.Index(
                        condition=models.Q(("confirmed_at", None), ("ended_at", None)),
                        fields=["confirm_by"],
                        name="vital_interest_undecided",
                    ),
                    models.Index(
                        condition=models.Q(("told_at", None)),
                        fields=["recorded_at"],
                        name="vital_interest_untold",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["expires_at"],
                        name="vital_interest_clock",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(
                                    ("confirmed_by", models.F("recorded_by")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="vital_interest_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", "rejected"), _negated=True),
                            models.Q(
                                ("confirmed_at", None),
                                ("ended_by__isnull", False),
                                models.Q(
                                    ("ended_by", models.F("recorded_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="vital_interest_rejected_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", ""), ("ended_at", None)),
                            models.Q(
                                models.Q(("end", ""), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="vital_interest_ended_at_iff_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Destruction",
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
                ("told_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "reminded_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("destroyed", "All copies are destroyed"),
                            (
                                "kept",
                                "The law requires us to keep part of it; the rest is "
                                "destroyed",
                            ),
                        ],
                        max_length=10,
                    ),
                ),
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
                    "consent",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="destruction",
                        to="consent.consent",
                    ),
                ),
                (
                    "vital_interest",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="destruction",
                        to="consent.vitalinterest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at", None)),
                        fields=["told_at"],
                        name="destruction_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("confirmed_at", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="destruction_answered_iff_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("consent", None), ("vital_interest__isnull", False)
                            ),
                            models.Q(
                                ("consent__isnull", False), ("vital_interest", None)
                            ),
                            _connector="OR",
                        ),
                        name="destruction_of_one_of_the_two",
                    ),
                ],
            },
        ),
    ]
