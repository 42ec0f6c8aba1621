"""What became of a slip that was due, in no order: the log knows at what hour somebody
dealt with one, and no row number says which row came then."""

from uuid import uuid4

import django.db.models.deletion
from django.db import migrations, models

from amana.database import in_no_order

MOMENTS = [
    ("help", "The help that people got"),
    ("intake", "Their life, at the beginning"),
    ("m3", "Their life, after 3 months"),
    ("m6", "Their life, after 6 months"),
    ("m12", "Their life, after 12 months"),
]
RESULTS = [
    ("handed", "Handed out"),
    ("unsafe", "It is not safe for the person"),
    ("unwished", "The person does not wish it"),
    ("unreached", "The person cannot be reached"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("feedback", "0002_no_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("moment", models.CharField(choices=MOMENTS, max_length=6)),
                ("result", models.CharField(choices=RESULTS, max_length=9)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="feedback_offered_once", fields=["case", "moment"]
                    )
                ]
            },
        ),
        migrations.RunPython(in_no_order("feedback_offer")),
    ]
