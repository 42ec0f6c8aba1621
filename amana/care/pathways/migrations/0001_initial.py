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
            name="PathwayRun",
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
                ("length", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended", models.CharField(blank=True, max_length=60)),
                ("missed", models.JSONField(blank=True, null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course",
                        to="cases.case",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="mechanism.version",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["version", "id"],
                        name="course_running",
                    ),
                    models.Index(
                        fields=["version", "-begun_at", "id"], name="course_begun"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("ended", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="course_ended_somehow",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingSignal",
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
                ("key", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="awaited",
                        to="pathways.pathwayrun",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "awaited",
                "indexes": [
                    models.Index(
                        condition=models.Q(("until__isnull", False)),
                        fields=["until"],
                        name="awaited_until",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "key"), name="awaited_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenTask",
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
                ("key", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=60)),
                ("needs", models.CharField(max_length=20)),
                ("own", models.BooleanField(default=False)),
                ("given", models.BooleanField(default=True)),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("by_at", models.DateTimeField()),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("again", models.BooleanField(default=False)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps_due",
                        to="cases.case",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dues",
                        to="pathways.pathwayrun",
                    ),
                ),
                (
                    "named",
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
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps_due",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team", "by_at", "id"], name="due_of_team"),
                    models.Index(
                        fields=["team", "own", "by_at", "id"], name="due_asked_of_team"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("remind_at__isnull", False), ("reminded_at", None)
                        ),
                        fields=["remind_at"],
                        name="due_to_remind",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("due_at__isnull", False), ("told_at", None)
                        ),
                        fields=["due_at"],
                        name="due_to_tell",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "key"), name="due_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at", None),
                            ("by_at", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="due_by_its_clock",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathwayEvent",
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
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("start", "start"),
                            ("done", "done"),
                            ("heard", "heard"),
                            ("expired", "expired"),
                            ("skipped", "skipped"),
                            ("reopened", "reopened"),
                            ("reassigned", "reassigned"),
                            ("cancelled", "cancelled"),
                            ("overridden", "overridden"),
                            ("moved", "moved"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("step", models.CharField(blank=True, max_length=200)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("role", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("message", models.CharField(blank=True, max_length=60)),
                ("to", models.CharField(blank=True, max_length=200)),
                ("onward", models.BooleanField(default=False)),
                ("then", models.JSONField(blank=True, null=True)),
                (
                    "by",
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
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts",
                        to="pathways.pathwayrun",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "number"), name="fact_number_in_course"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
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
                ("role", models.CharField(max_length=60)),
                ("needs", models.CharField(max_length=20)),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hands",
                        to="pathways.pathwayrun",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "role"), name="hand_one_team"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionMove",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="mechanism.version",
                    ),
                ),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("total", models.PositiveIntegerField()),
                ("moved", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnmovedRun",
            fields=[
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="unmoved",
                        serialize=False,
                        to="pathways.pathwayrun",
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mechanism.version",
                    ),
                ),
            ],
        ),
    ]
