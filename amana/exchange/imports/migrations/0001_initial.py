import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
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
                ("origin", models.CharField(max_length=60)),
                ("brought_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_in_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "brought_by",
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
                            ("undone_at", None),
                            ("taken_in_at__isnull", False),
                            _connector="OR",
                        ),
                        name="import_undone_only_after_taken_in",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
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
                ("where", models.CharField(max_length=200)),
                ("origin_id", models.CharField(blank=True, max_length=200)),
                ("organisation", models.CharField(blank=True, max_length=200)),
                ("area", models.CharField(blank=True, max_length=200)),
                ("within", models.CharField(blank=True, max_length=10)),
                (
                    "values",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Not checked yet"),
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("same", "No change"),
                            ("quarantined", "Can’t be imported"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("problem", models.TextField(blank=True)),
                ("remarks", models.JSONField(default=list)),
                (
                    "before",
                    models.JSONField(
                        blank=True,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                    ),
                ),
                (
                    "brought",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="imports.import",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["brought", "outcome", "number"],
                        name="imports_imp_brought_5aa813_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brought", "number"), name="import_row_number_once"
                    )
                ],
            },
        ),
    ]
