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
    ]

    operations = [
        migrations.CreateModel(
            name="CaseHead",
            fields=[
                ("chain", models.UUIDField(primary_key=True, serialize=False)),
                ("bucket", models.PositiveSmallIntegerField(db_index=True)),
                ("place", models.PositiveIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("consent", models.UUIDField(db_index=True)),
                ("case", models.UUIDField(db_index=True)),
                ("purpose", models.CharField(max_length=40)),
                ("fields", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("exposed_at", models.DateTimeField(blank=True, null=True)),
                ("held_back", models.BooleanField(default=False)),
                ("sealed", models.BinaryField()),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="access.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeadMap",
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
                ("tops", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
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
                ("at", models.DateTimeField()),
                ("boot", models.CharField(blank=True, max_length=40)),
                ("booted_at", models.DateTimeField()),
                ("doubted_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("resumed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReturnSlip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.CharField(max_length=4, unique=True)),
                ("disclosure", models.UUIDField(db_index=True)),
                ("page", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("paper", "Paper"),
                            ("told", "Told"),
                        ],
                        max_length=5,
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("cost", models.JSONField()),
                ("sealed", models.BinaryField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="RosterStatement",
            fields=[
                (
                    "place",
                    models.PositiveIntegerField(primary_key=True, serialize=False),
                ),
                ("text", models.TextField()),
                ("hash", models.BinaryField(max_length=32)),
                ("signatures", models.JSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="CaseLink",
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
                ("chain", models.UUIDField()),
                ("place", models.PositiveIntegerField()),
                ("before", models.BinaryField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("state", "State"),
                            ("ends", "Ends"),
                            ("releases", "Releases"),
                            ("returns", "Returns"),
                            ("forgets", "Forgets"),
                            ("shreds", "Shreds"),
                            ("erases", "Erases"),
                        ],
                        max_length=8,
                    ),
                ),
                ("body", models.TextField()),
                ("signer", models.CharField(max_length=20)),
                ("signature", models.BinaryField(max_length=64)),
                (
                    "countersignature",
                    models.BinaryField(blank=True, max_length=64, null=True),
                ),
                ("hash", models.BinaryField(max_length=32)),
                ("taken_in", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_in", False)),
                        fields=["chain", "place"],
                        name="case_link_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chain", "place"), name="case_link_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompartmentKey",
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
                ("case", models.UUIDField()),
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
                ("exposed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "compartment"), name="compartment_key_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letterbox",
            fields=[
                (
                    "disclosure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="letterbox",
                        serialize=False,
                        to="vault.disclosure",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ErasedLine",
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
                ("place", models.PositiveIntegerField(unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("on", models.DateField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("time", "The set time is over"),
                            ("request", "The person asked for it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("tokens", models.JSONField(default=list)),
                ("by", models.JSONField(default=list)),
                ("before", models.CharField(blank=True, max_length=64)),
                ("signature", models.CharField(max_length=128)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0)),
                        name="erased_line_counts_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DisclosureMessage",
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
                ("name", models.CharField(max_length=60)),
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("held_for", models.UUIDField(blank=True, db_index=True, null=True)),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="vault.disclosure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealedPage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("cost", models.JSONField()),
                ("sealed", models.BinaryField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "disclosure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offer",
                        to="vault.disclosure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonKey",
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
                ("public", models.BinaryField()),
                ("verify_key", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="person_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryKey",
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
                ("public", models.BinaryField(default=b"")),
                (
                    "proposed_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_keys",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at", None), ("ended_at", None)),
                        fields=("team",),
                        name="recovery_key_one_proposed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", False), ("ended_at", None)
                        ),
                        fields=("team",),
                        name="recovery_key_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(
                                    ("confirmed_by", models.F("proposed_by")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="recovery_key_confirmed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedFile",
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
                ("own_key", models.BinaryField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="vault.compartmentkey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TeamKey",
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
                ("epoch", models.PositiveIntegerField(default=1)),
                ("public", models.BinaryField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("to_move", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("kept_until", models.DateTimeField(blank=True, null=True)),
                ("exposed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "epoch"), name="team_key_epoch_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("team",),
                        name="team_key_one_current",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchCard",
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
                ("sealed", models.BinaryField()),
                ("case", models.UUIDField()),
                (
                    "person_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("team_key", None)),
                            models.Q(("person_key", None), ("team_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="searchcard_held_by_one",
                    ),
                    models.UniqueConstraint(
                        fields=("case", "team_key"), name="search_card_once_per_team"
                    ),
                    models.UniqueConstraint(
                        fields=("case", "person_key"),
                        name="search_card_once_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryWrap",
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
                ("sealed", models.BinaryField()),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wraps",
                        to="vault.recoverykey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_wraps",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recovery", "team_key"), name="recovery_wrap_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("sealed", models.BinaryField()),
                (
                    "id",
                    models.UUIDField(
                        default=amana.trust.vault.models.team_keys.generate_uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("about", models.UUIDField()),
                (
                    "part",
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
                ("content", models.BinaryField()),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("team_key", None)),
                            models.Q(("person_key", None), ("team_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="parcel_held_by_one",
                    ),
                    models.UniqueConstraint(
                        fields=("about", "part"), name="parcel_part_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftKey",
            fields=[
                ("sealed", models.BinaryField()),
                (
                    "id",
                    models.UUIDField(
                        default=amana.trust.vault.models.team_keys.generate_uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("epoch", models.PositiveIntegerField()),
                ("public", models.BinaryField(max_length=65)),
                ("voucher", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_keys",
                        to="access.team",
                    ),
                ),
                (
                    "person_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("team_key", None)),
                            models.Q(("person_key", None), ("team_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="draftkey_held_by_one",
                    ),
                    models.UniqueConstraint(
                        fields=("team", "epoch"), name="draft_key_one_an_epoch"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisclosureWrap",
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
                ("sealed", models.BinaryField()),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wraps",
                        to="vault.disclosure",
                    ),
                ),
                (
                    "person_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("team_key", None)),
                            models.Q(("person_key", None), ("team_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="disclosurewrap_held_by_one",
                    ),
                    models.UniqueConstraint(
                        fields=("disclosure", "team_key"),
                        name="disclosure_wrap_once_per_team",
                    ),
                    models.UniqueConstraint(
                        fields=("disclosure", "person_key"),
                        name="disclosure_wrap_once_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompartmentWrap",
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
                ("sealed", models.BinaryField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wraps",
                        to="vault.compartmentkey",
                    ),
                ),
                (
                    "person_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("team_key", None)),
                            models.Q(("person_key", None), ("team_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="compartmentwrap_held_by_one",
                    ),
                    models.UniqueConstraint(
                        fields=("key", "team_key"),
                        name="compartment_wrap_once_per_team",
                    ),
                    models.UniqueConstraint(
                        fields=("key", "person_key"),
                        name="compartment_wrap_once_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamWrap",
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
                ("sealed", models.BinaryField()),
                (
                    "person_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team_wraps",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wraps",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team_key", "person_key"), name="team_wrap_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnopenedRecord",
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
                ("kind", models.CharField(max_length=60)),
                ("row", models.CharField(max_length=36)),
                ("error", models.CharField(blank=True, max_length=80)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "row"), name="unopened_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("page", models.UUIDField(blank=True, null=True)),
                ("sealed", models.BinaryField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "disclosure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="vault.disclosure",
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="vault.returnslip",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("disclosure__isnull", False),
                                ("page__isnull", False),
                                ("slip", None),
                            ),
                            models.Q(
                                ("disclosure", None),
                                ("page", None),
                                ("slip__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="visit_of_a_page_or_of_a_slip",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingDraft",
            fields=[
                ("sealed", models.BinaryField()),
                (
                    "id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                (
                    "draft_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="vault.draftkey",
                    ),
                ),
                (
                    "person_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vault.personkey",
                    ),
                ),
                (
                    "team_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="vault.teamkey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("team_key", None)),
                            models.Q(("person_key", None), ("team_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="waitingdraft_held_by_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                ("name", models.CharField(max_length=60)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="vault.compartmentkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "name", "revision"),
                        name="document_revision_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("key", "name"),
                        name="document_one_current",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyRemoval",
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
                    "why",
                    models.CharField(
                        choices=[
                            ("again", "Start again with new keys"),
                            ("leave", "Leave the team"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for a second person"),
                            ("confirmed", "Confirmed, takes effect later"),
                            ("effective", "In effect, can be undone"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed: no one confirmed it"),
                            ("undone", "Undone"),
                        ],
                        default="proposed",
                        max_length=9,
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
                ("set_aside", models.BinaryField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coordinator_word",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.membership",
                    ),
                ),
                (
                    "organisation_word",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "told",
                    models.ManyToManyField(
                        blank=True,
                        related_name="removals_told",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="key_removals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["proposed", "confirmed"])),
                        fields=("user",),
                        name="key_removal_one_pending_for_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(
                                    ("confirmed_by", models.F("proposed_by")),
                                    _negated=True,
                                ),
                                models.Q(
                                    ("confirmed_by", models.F("user")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="key_removal_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["proposed", "withdrawn", "lapsed"]),
                            models.Q(
                                ("confirmed_by__isnull", False),
                                ("effective_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="key_removal_takes_effect_only_when_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("set_aside__isnull", False), ("status", "effective")
                            ),
                            models.Q(
                                models.Q(("status", "effective"), _negated=True),
                                ("set_aside", None),
                            ),
                            _connector="OR",
                        ),
                        name="key_removal_sets_aside_while_it_can_be_undone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("membership", None), ("why", "again")),
                            models.Q(("membership__isnull", False), ("why", "leave")),
                            _connector="OR",
                        ),
                        name="key_removal_ends_a_place_or_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonWrap",
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
                    "method",
                    models.CharField(
                        choices=[
                            ("passphrase", "Passphrase"),
                            ("recovery", "Recovery"),
                        ],
                        max_length=12,
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("cost", models.JSONField()),
                ("sealed", models.BinaryField()),
                ("seen", models.BinaryField(default=b"")),
                (
                    "person_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wraps",
                        to="vault.personkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person_key", "method"),
                        name="person_wrap_one_of_each_method",
                    )
                ],
            },
        ),
    ]
