import django.db.models.deletion
import django.utils.timezone
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
            name="PolicyPlan",
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
                ("goal", models.CharField(max_length=200)),
                ("seen_by", models.CharField(max_length=300)),
                ("within_reach", models.CharField(blank=True, max_length=300)),
                ("why", models.TextField(max_length=2000)),
                ("due_on", models.DateField()),
                ("risks", models.TextField(blank=True, max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Under way"),
                            ("reached", "Reached"),
                            ("ended", "Given up"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Office",
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
                ("title", models.CharField(max_length=160)),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("target", "Decides"),
                            ("ally", "Helps us"),
                            ("blocker", "Opposes it"),
                            ("undecided", "Undecided"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "power",
                    models.CharField(
                        choices=[
                            ("much", "Much influence"),
                            ("little", "Little influence"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "view",
                    models.CharField(
                        choices=[("for", "For it"), ("against", "Against it")],
                        max_length=8,
                    ),
                ),
                ("moved_by", models.CharField(blank=True, max_length=300)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offices",
                        to="advocacy.policyplan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
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
                    "audience",
                    models.CharField(
                        choices=[
                            ("ministers", "Ministers"),
                            ("parliament", "Parliament"),
                            ("officials", "Officials"),
                            ("local", "Local government"),
                            ("donors", "Donors"),
                            ("services", "Services and professions"),
                            ("media", "Media"),
                            ("public", "The public"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(max_length=2000)),
                (
                    "messenger",
                    models.CharField(
                        choices=[
                            ("coordination", "The coordination office"),
                            ("coalition", "A group of organisations"),
                            ("profession", "Doctors, lawyers, social workers"),
                            ("survivor", "Survivor leaders"),
                            ("monitor", "A monitor or rapporteur"),
                        ],
                        max_length=14,
                    ),
                ),
                ("agreed_on", models.DateField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="advocacy.policyplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("messenger", "survivor"), _negated=True),
                            ("agreed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="message_of_survivors_was_agreed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
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
                ("office", models.CharField(max_length=160)),
                ("words", models.CharField(max_length=500)),
                ("made_on", models.DateField()),
                ("due_on", models.DateField()),
                ("source", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("partly", "Kept in part"),
                            ("broken", "Not kept"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("evidence", models.CharField(blank=True, max_length=500)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="advocacy.policyplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_on", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("settled_on__isnull", False),
                                models.Q(("evidence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="promise_settled_with_evidence",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
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
                    "monitor",
                    models.CharField(
                        choices=[
                            ("greta", "GRETA"),
                            ("tip", "Trafficking in Persons Report"),
                            ("cedaw", "CEDAW"),
                            ("upr", "Universal Periodic Review"),
                            ("treaty", "Another treaty body"),
                            ("un_rapporteur", "UN special rapporteur"),
                            ("rapporteur", "National rapporteur"),
                            ("audit", "Court of audit"),
                            ("council", "Survivors’ council"),
                        ],
                        max_length=14,
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                ("words", models.TextField(max_length=3000)),
                ("given_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("partly", "In part"),
                            ("implemented", "Carried out"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("provision", models.CharField(blank=True, max_length=60)),
                ("how", models.TextField(blank=True, max_length=2000)),
                ("fact", models.UUIDField(blank=True, null=True)),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="mechanism.version",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("how", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="recommendation_carried_out_somehow",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("budget", "Budget call"),
                            ("law", "Law being drafted"),
                            ("plan_review", "Review of the national plan"),
                            ("greta", "Evaluation by GRETA"),
                            ("upr", "Universal Periodic Review"),
                            ("cedaw", "Report to CEDAW"),
                            ("tip", "Trafficking in Persons Report"),
                            ("election", "Election or new government"),
                            ("other", "Another occasion"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="advocacy.policyplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="window_closes_after_it_opens",
                    )
                ],
            },
        ),
    ]
