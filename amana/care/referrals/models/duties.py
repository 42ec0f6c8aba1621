"""Who answers on which day, and who is notified while a colleague is away."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from amana.privacy import personal, plain
from amana.trust.access.models import Team


class CoverQuerySet(models.QuerySet["Cover"]):
    def on(self, day: date) -> Self:
        return self.filter(first_on__lte=day, last_on__gte=day)


class Cover(models.Model):
    """While someone is away, a colleague of the same team is notified of their work."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="covers")
    away = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences"
    )
    covered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="covers"
    )
    first_on = models.DateField()
    last_on = models.DateField()

    objects = CoverQuerySet.as_manager()

    class Privacy:
        kept = "A year after the last day."
        team = plain
        away = personal
        covered_by = personal
        first_on = personal
        last_on = personal

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cover_ends_after_it_begins",
                condition=Q(last_on__gte=F("first_on")),
            ),
            models.CheckConstraint(
                name="cover_by_somebody_else",
                condition=~Q(away=F("covered_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["covered_by", "last_on"]),
            models.Index(fields=["team", "last_on"]),
        ]

    def __str__(self) -> str:
        return f"cover {self.pk}"


class Duty(models.Model):
    """Who in a team answers on which day of the week. Days count from Monday: 0."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="duties")
    weekday = models.PositiveSmallIntegerField()
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties"
    )

    class Privacy:
        kept = "Until the rota is changed."
        team = plain
        weekday = plain
        worker = personal

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(
                name="duty_once", fields=["team", "weekday", "worker"]
            ),
            models.CheckConstraint(
                name="duty_on_a_day_of_the_week", condition=Q(weekday__lt=7)
            ),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk}"
