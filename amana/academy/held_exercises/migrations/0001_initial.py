import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("mechanism", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldExercise",
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
                ("title", models.CharField(max_length=160)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("table", "Tabletop exercise"),
                            ("roles", "Role play"),
                            ("place", "On site, with everyone on duty"),
                            ("played", "Played in Amana, each in a seat"),
                        ],
                        max_length=6,
                    ),
                ),
                ("held_on", models.DateField()),
                ("spheres", models.JSONField(default=list)),
                ("learned", models.TextField(max_length=3000)),
                ("fact", models.UUIDField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_exercises",
                        to="mechanism.version",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExerciseStep",
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
                ("words", models.CharField(max_length=300)),
                ("office", models.CharField(max_length=160)),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("seen_by", models.CharField(blank=True, max_length=500)),
                ("fact", models.UUIDField()),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="held_exercises.heldexercise",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on", None), ("seen_by", "")),
                            models.Q(
                                ("done_on__isnull", False),
                                models.Q(("seen_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="step_done_by_what_shows_it",
                    )
                ],
            },
        ),
    ]
