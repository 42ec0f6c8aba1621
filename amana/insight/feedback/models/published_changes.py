"""You said, we did."""

from typing import Self

from django.db import models
from django.utils.translation import get_language

from amana.insight.feedback.themes import Theme
from amana.privacy import personal, plain
from amana.trust.access.models import User


def choose_language(texts: dict[str, object]) -> tuple[str, str]:
    """Choose the text in the language of the page, or in one that there is; and
    which."""
    asked = get_language() or "en"
    for code in (asked, "en", *texts):
        if texts.get(code):
            return str(texts[code]), code
    return "", asked


class ChangeQuerySet(models.QuerySet["Change"]):
    def shown(self) -> Self:
        return self.filter(taken_back_at=None)


class Change(models.Model):
    """What was changed because enough people said the same; it is public."""

    theme = models.CharField(max_length=12, choices=Theme)
    said = models.JSONField()
    """By language, as it was written in each."""
    did = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Privacy:
        kept = "As long as the mechanism."
        theme = said = did = published_at = taken_back_at = plain
        published_by = personal

    def __str__(self) -> str:
        return f"change {self.pk}"
