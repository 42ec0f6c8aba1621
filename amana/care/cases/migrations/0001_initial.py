import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import amana.care.cases.references
import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("vault", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmergencyContact",
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
                    "when",
                    models.CharField(
                        choices=[
                            ("any", "Any emergency"),
                            ("medical", "Someone needs a doctor"),
                            ("danger", "Someone is threatening them"),
                            ("crisis", "Thoughts of self-harm"),
                            ("child", "A child is alone or in danger"),
                        ],
                        default="any",
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("name_fr", models.CharField(blank=True, max_length=120)),
                ("name_ar", models.CharField(blank=True, max_length=120)),
                ("number", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("note_en", models.CharField(blank=True, max_length=200)),
                ("note_fr", models.CharField(blank=True, max_length=200)),
                ("note_ar", models.CharField(blank=True, max_length=200)),
                ("place", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
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
                    "reference",
                    models.CharField(
                        default=amana.care.cases.references.generate_reference,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("restricted", models.BooleanField(default=False)),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("U0", "Emergency"),
                            ("U1", "High"),
                            ("U2", "Medium"),
                            ("U3", "Routine"),
                        ],
                        default="U2",
                        max_length=2,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "due_what",
                    models.CharField(
                        choices=[
                            ("need", "Find a service for a need"),
                            ("contact", "Speak with the person"),
                            ("safety", "Review safety"),
                            ("plan", "Review the plan"),
                            ("other", "A follow-up"),
                            ("answer", "Waiting for a reply or report"),
                            ("review", "Review the case"),
                        ],
                        default="review",
                        max_length=8,
                    ),
                ),
                ("waits_until", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "child_born_in",
                    models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            "team",
                            "closed_at",
                            "due_at",
                            "id",
                            "urgency",
                            "restricted",
                            "due_what",
                            "opened_at",
                        ],
                        name="case_of_team",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["due_at", "id"],
                        name="case_open",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["closed_at", "id"],
                        name="case_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "Leads the case"),
                            ("support", "Helps with the case"),
                            ("emergency", "Has emergency access"),
                        ],
                        default="lead",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["worker", "ended_at", "case"],
                        name="cases_assig_worker__3c64a5_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("case", "worker"),
                        name="assignment_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("until", None),
                                models.Q(("part", "emergency"), _negated=True),
                            ),
                            models.Q(("part", "emergency"), ("until__isnull", False)),
                            _connector="OR",
                        ),
                        name="assignment_until_in_an_emergency_alone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
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
                    "compartment",
                    models.CharField(
                        choices=[
                            ("identity", "Identity"),
                            ("contact", "Safe contact"),
                            ("needs", "Needs"),
                            ("narrative", "Account"),
                            ("health", "Health"),
                            ("legal", "Legal"),
                            ("migration", "Migration"),
                            ("evidence", "Evidence"),
                        ],
                        max_length=10,
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="cases.case",
                    ),
                ),
                (
                    "original",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="vault.sealedfile",
                    ),
                ),
                (
                    "shown",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="vault.sealedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Closure",
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
                    "proposed_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("agreed", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="cases.case",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reviewed_at", None)),
                        fields=("case",),
                        name="closure_one_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
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
                            ("contact", "Speak with the person"),
                            ("safety", "Review safety"),
                            ("plan", "Review the plan"),
                            ("other", "Something else"),
                        ],
                        default="other",
                        max_length=8,
                    ),
                ),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["case", "done_at", "due_at"],
                        name="cases_follo_case_id_a2788c_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                    "group",
                    models.CharField(
                        choices=[
                            ("SH", "Shelter and housing"),
                            ("HE", "Health"),
                            ("MH", "Mental health and psychosocial support"),
                            ("LG", "Legal help"),
                            ("DO", "Documents"),
                            ("CP", "Child protection"),
                            ("PR", "Protection and safety"),
                            ("BA", "Basic needs"),
                            ("LA", "Language"),
                            ("ED", "Education"),
                            ("LV", "Work and livelihood"),
                            ("CM", "Case management"),
                            ("RR", "Return and reintegration"),
                            ("FM", "Family"),
                            ("SO", "Smuggled migrants and rescue"),
                            ("SP", "Community and faith"),
                            ("AC", "Complaints and accountability"),
                        ],
                        max_length=2,
                    ),
                ),
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
                            ("open", "Open"),
                            ("referred", "Referred"),
                            ("met", "Met"),
                            ("partly", "Partly met"),
                            ("unmet", "Nothing acceptable found"),
                            ("dropped", "No longer wished"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "unmet_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none_exists", "No such service exists here"),
                            ("no_place", "No places free"),
                            ("not_eligible", "No service accepts this person"),
                            ("too_far", "Too far away, or no way to get there"),
                            ("unsafe", "Not safe for this person"),
                            ("language", "No one speaks the language"),
                            ("cost", "It costs too much"),
                            (
                                "conditions",
                                "Only on conditions that the person does not accept",
                            ),
                            (
                                "not_wanted",
                                "The person did not want any available option",
                            ),
                            ("declined", "Every service asked declined"),
                        ],
                        max_length=20,
                    ),
                ),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["case", "group", "status"], name="need_of_case"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "unmet"),
                                models.Q(("unmet_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "unmet"), _negated=True),
                                ("unmet_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="need_unmet_with_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                ("offered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("accepted", models.BooleanField(default=False)),
                (
                    "declined_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_capacity", "No capacity"),
                            ("not_ours", "Not what this team does"),
                            ("outside_area", "Outside the area"),
                            ("conflict", "Conflict of interest or safety concern"),
                            ("talk_first", "Needs to be discussed first"),
                            ("taken_back", "Withdrawn by the team that offered it"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfers",
                        to="cases.case",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered_cases",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["to", "answered_at", "due_at"],
                        name="cases_trans_to_id_b89cd4_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("case",),
                        name="transfer_one_waiting",
                    )
                ],
            },
        ),
    ]
