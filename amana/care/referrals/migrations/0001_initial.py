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
        ("consent", "0001_initial"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
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
                ("disclosure", models.UUIDField(unique=True)),
                (
                    "urgency",
                    models.CharField(
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
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("received", "Acknowledged"),
                            ("accepted", "Accepted"),
                            ("waitlisted", "On the waiting list"),
                            ("declined", "Declined"),
                            ("redirected", "Redirected"),
                            ("appointment", "Appointment made"),
                            ("attended", "Attended"),
                            ("no_show", "Did not come"),
                            ("unreachable", "Could not be reached"),
                            ("started", "Service started"),
                            ("completed", "Completed"),
                            ("partly", "Partly met"),
                            ("discontinued", "Discontinued"),
                            ("confirmed", "Confirmed by the person"),
                            ("unconfirmed", "Closed without confirmation"),
                            ("expired", "Expired"),
                            ("recalled", "Recalled by the sender"),
                            ("withdrawn", "Consent withdrawn"),
                        ],
                        default="sent",
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("answer", "Waiting for an answer"),
                            ("service", "In progress"),
                            ("word", "Waiting for the person’s reply"),
                            ("ended", "Ended"),
                        ],
                        default="answer",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("restarted_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField()),
                ("tell_at", models.DateTimeField(blank=True, null=True)),
                ("told", models.PositiveSmallIntegerField(default=0)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("appointment_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("places", models.PositiveSmallIntegerField(default=0)),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_capacity", "No places free"),
                            ("not_eligible", "Not eligible for our service"),
                            ("outside_area", "Outside our area"),
                            ("wrong_service", "Not the service we offer"),
                            ("too_little", "Too little information to decide"),
                            ("conflict", "Conflict of interest or safety concern"),
                            ("person_declined", "The person did not want it"),
                            ("duplicate", "Already referred to us"),
                            ("unsafe", "Our place would not be safe for this person"),
                            ("language", "We don’t share a language with the person"),
                            ("funding", "Our funding has ended"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wished", "The person no longer wanted it"),
                            (
                                "lost_contact",
                                "Contact was lost, after several attempts",
                            ),
                            ("moved", "The person moved away or returned"),
                            ("held", "The person was detained or removed"),
                            ("elsewhere", "Another service took over"),
                            ("not_suited", "The service did not suit the person"),
                            ("unsafe", "It was no longer safe"),
                            ("ended", "The service or its funding ended"),
                            ("died", "The person died"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "It met the need"),
                            ("partly", "It met a part of the need"),
                            ("not", "It did not meet the need"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "unasked_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unsafe", "Asking would not have been safe"),
                            ("unwished", "The person did not wish to be asked"),
                            ("lost", "The person could no longer be reached"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="cases.case",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="consent.consent",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="referrals.referral",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handled_referrals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="cases.need",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_referrals",
                        to="access.team",
                    ),
                ),
                (
                    "redirected_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.service",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_referrals",
                        to="access.team",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="directory.service",
                    ),
                ),
                (
                    "vital_interest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="consent.vitalinterest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            "recipient",
                            "stage",
                            "due_at",
                            "id",
                            "urgency",
                            "status",
                            "sent_at",
                            "handler",
                        ],
                        name="referral_received",
                    ),
                    models.Index(
                        fields=["recipient", "sender"], name="referral_from_to"
                    ),
                    models.Index(
                        fields=["sender", "stage", "due_at", "id"],
                        name="referrals_r_sender__294837_idx",
                    ),
                    models.Index(
                        fields=["handler", "stage", "due_at", "id"],
                        name="referrals_r_handler_4e2849_idx",
                    ),
                    models.Index(
                        fields=["case", "sent_at"],
                        name="referrals_r_case_id_719124_idx",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["recipient", "-ended_at", "-id"],
                        name="referral_ended_received",
                    ),
                    models.Index(
                        condition=models.Q(("appointment_at__isnull", False)),
                        fields=["recipient", "appointment_at", "id"],
                        name="referral_expected",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["due_at", "id"],
                        name="referral_by_clock",
                    ),
                    models.Index(
                        condition=models.Q(("tell_at__isnull", False)),
                        fields=["tell_at"],
                        name="referral_to_chase",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("consent__isnull", False), ("vital_interest", None)
                            ),
                            models.Q(
                                ("consent", None), ("vital_interest__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referral_rests_on_one_of_the_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("stage", "answer"),
                                ("status__in", ["received", "sent"]),
                            ),
                            models.Q(
                                ("stage", "service"),
                                (
                                    "status__in",
                                    [
                                        "accepted",
                                        "appointment",
                                        "attended",
                                        "no_show",
                                        "started",
                                        "unreachable",
                                        "waitlisted",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("stage", "word"),
                                ("status__in", ["completed", "discontinued", "partly"]),
                            ),
                            models.Q(
                                ("stage", "ended"),
                                (
                                    "status__in",
                                    [
                                        "confirmed",
                                        "declined",
                                        "expired",
                                        "recalled",
                                        "redirected",
                                        "unconfirmed",
                                        "withdrawn",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="referral_stage_of_its_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("stage", "ended"),
                                ("tell_at", None),
                            ),
                            models.Q(
                                models.Q(("stage", "ended"), _negated=True),
                                ("ended_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="referral_ended_at_iff_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "answer"), _negated=True),
                            ("answered_at", None),
                            _connector="OR",
                        ),
                        name="referral_answered_at_when_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "declined"), _negated=True),
                                ("decline_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="referral_declined_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("redirected_to__isnull", False),
                                ("status", "redirected"),
                            ),
                            models.Q(
                                models.Q(("status", "redirected"), _negated=True),
                                ("redirected_to", None),
                            ),
                            _connector="OR",
                        ),
                        name="referral_redirected_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "discontinued"), _negated=True),
                            models.Q(("stop_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="referral_discontinued_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "confirmed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "confirmed"), _negated=True),
                                ("outcome", ""),
                            ),
                            _connector="OR",
                        ),
                        name="referral_confirmed_with_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "unconfirmed"),
                                models.Q(("unasked_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "unconfirmed"), _negated=True),
                                ("unasked_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="referral_unconfirmed_with_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stage__in", ["answer", "service"])),
                        fields=("need", "service"),
                        name="referral_one_open_per_need_and_service",
                        violation_error_message="This need has already been referred to this service.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("follows__isnull", False)),
                        fields=("follows",),
                        name="referral_replaced_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralEvent",
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
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("moved", "Changed"),
                            ("wrote", "A message was sent"),
                            ("taken", "Taken on by a colleague"),
                            ("supervisor", "Late: the supervisor was notified"),
                            ("sender", "Late: the sender was notified"),
                            ("coordinator", "Late: the coordinator was notified"),
                            ("mailbox", "Late: an e-mail was sent to the team"),
                            ("nobody", "Late: no one could be notified"),
                            (
                                "restarted",
                                "Amana was out of service: the time to reply was restarted",
                            ),
                            ("opened", "Opened with a code"),
                            ("wrong_code", "A wrong code was tried"),
                            (
                                "destroyed",
                                "The page was destroyed after five wrong codes",
                            ),
                            (
                                "slip_gone",
                                "The return slip was destroyed after five wrong codes",
                            ),
                        ],
                        default="moved",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("received", "Acknowledged"),
                            ("accepted", "Accepted"),
                            ("waitlisted", "On the waiting list"),
                            ("declined", "Declined"),
                            ("redirected", "Redirected"),
                            ("appointment", "Appointment made"),
                            ("attended", "Attended"),
                            ("no_show", "Did not come"),
                            ("unreachable", "Could not be reached"),
                            ("started", "Service started"),
                            ("completed", "Completed"),
                            ("partly", "Partly met"),
                            ("discontinued", "Discontinued"),
                            ("confirmed", "Confirmed by the person"),
                            ("unconfirmed", "Closed without confirmation"),
                            ("expired", "Expired"),
                            ("recalled", "Recalled by the sender"),
                            ("withdrawn", "Consent withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In Amana"),
                            ("page", "on the page that a code opens"),
                            ("slip", "by return slip"),
                            ("noted", "noted by the sender"),
                        ],
                        default="",
                        max_length=5,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="happenings",
                        to="referrals.referral",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cover",
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
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                (
                    "away",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "covered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covers",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["covered_by", "last_on"],
                        name="referrals_c_covered_49f1c9_idx",
                    ),
                    models.Index(
                        fields=["team", "last_on"],
                        name="referrals_c_team_id_40222e_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="cover_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("away", models.F("covered_by")), _negated=True
                        ),
                        name="cover_by_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                ("weekday", models.PositiveSmallIntegerField()),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="access.team",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "duties",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "weekday", "worker"), name="duty_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lt", 7)),
                        name="duty_on_a_day_of_the_week",
                    ),
                ],
            },
        ),
    ]
