import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("courses", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cohort",
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
                ("name", models.CharField(max_length=120)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("online", "Online"),
                            ("in_person", "In person"),
                            ("hybrid", "Online and in person"),
                        ],
                        default="online",
                        max_length=10,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                ("capacity", models.PositiveSmallIntegerField()),
                (
                    "fee",
                    models.DecimalField(decimal_places=2, default=0, max_digits=10),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("scholarships", models.PositiveSmallIntegerField(default=0)),
                ("language", models.CharField(default="en", max_length=5)),
                (
                    "entry",
                    models.CharField(
                        choices=[
                            ("public", "Anyone can apply"),
                            ("invitation", "By invitation only"),
                        ],
                        default="public",
                        max_length=10,
                    ),
                ),
                ("open_until", models.DateField()),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "facilitators",
                    models.ManyToManyField(
                        blank=True,
                        related_name="facilitated",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts",
                        to="courses.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="cohort_ends_after_it_starts",
                        violation_error_message="It ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_until__lte", models.F("ends_on"))),
                        name="cohort_open_until_its_end",
                        violation_error_message=(
                            "Applications must close on or before the cohort’s last "
                            "day."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__gte", 1)),
                        name="cohort_has_places",
                        violation_error_message="A cohort needs at least one place.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", ""), ("fee", 0)),
                            models.Q(
                                ("fee__gt", 0),
                                models.Q(("currency", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cohort_fee_in_a_currency",
                        violation_error_message="Enter the currency of the fee.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
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
                ("name", models.CharField(blank=True, max_length=120)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("message", models.TextField(blank=True, max_length=2000)),
                ("reply", models.TextField(blank=True, max_length=2000)),
                ("organisation", models.CharField(blank=True, max_length=200)),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("protection", "Protection and social services"),
                            ("health", "Health and public health"),
                            ("justice", "Justice and law"),
                            ("security", "Police and border"),
                            ("humanitarian", "Humanitarian and refugee response"),
                            ("migration", "Migration and anti-trafficking"),
                            ("coordination", "Coordination, monitoring and evaluation"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("languages", models.CharField(blank=True, max_length=120)),
                ("access_needs", models.TextField(blank=True, max_length=500)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("form", "The form on the website"),
                            ("help", "The help page"),
                            ("account", "Their account here"),
                            ("staff", "Recorded by the academy"),
                        ],
                        default="form",
                        max_length=10,
                    ),
                ),
                ("scholarship_asked", models.BooleanField(default=False)),
                ("scholarship_granted_at", models.DateTimeField(blank=True, null=True)),
                ("fee_noted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("enquired", "Asked"),
                            ("answered", "Answered"),
                            ("applied", "Applied"),
                            ("waitlisted", "On the waiting list"),
                            ("offered", "Place offered"),
                            ("enrolled", "Enrolled"),
                            ("completed", "Completed"),
                            ("withdrawn", "Withdrawn"),
                            ("declined", "Declined"),
                            ("lapsed", "Offer expired"),
                        ],
                        default="enquired",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("offered_until", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="courses.course",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="cohorts.cohort",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at", "id"],
                        name="application_to_answer",
                    ),
                    models.Index(
                        fields=["cohort", "asked_at"], name="application_in_turn"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["applied", "enrolled", "offered", "waitlisted"],
                            )
                        ),
                        fields=("person", "cohort"),
                        name="application_one_open_by_person",
                        violation_error_message="This person has already applied for this cohort.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cohort__isnull", False),
                            (
                                "status__in",
                                ["answered", "declined", "enquired", "withdrawn"],
                            ),
                            _connector="OR",
                        ),
                        name="application_for_a_cohort",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            models.Q(
                                ("status__in", ["completed", "enrolled"]), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="application_enrolled_with_an_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False),
                                ("status__in", ["applied", "enquired"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ["applied", "enquired"]),
                                    _negated=True,
                                ),
                                ("due_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="application_due_iff_ours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "offered"), _negated=True),
                            ("offered_until__isnull", False),
                            _connector="OR",
                        ),
                        name="application_offered_until_a_day",
                    ),
                ],
            },
        ),
    ]
