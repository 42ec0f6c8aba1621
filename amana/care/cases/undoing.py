"""Closing a case, and settling a need, can be undone for ten minutes."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amana.care.cases.actions import closures, needs
from amana.care.cases.models import Case, Need
from amana.care.pending.decision_kinds import KINDS, DecisionKind


def register() -> None:
    KINDS[closures.CLOSE] = DecisionKind(
        label=_("You closed this case"),
        find=lambda id: Case.objects.select_related("team__organisation").get(pk=id),
        state=lambda case: str(case.version),
        act=closures.close_as_decided,
        address=lambda case: reverse("cases:case", args=[case.pk]),
        discard=closures.discard,
    )
    KINDS[needs.ANSWER] = DecisionKind(
        label=_("You updated a need"),
        find=lambda id: Need.objects.select_related("case__team__organisation").get(
            pk=id
        ),
        # With `due_at`, which each answer sets again: so a colleague who gave the same
        # answer meanwhile is noticed too (ADR 49).
        state=lambda need: f"{need.status} {need.due_at.timestamp()}",
        act=needs.answer_need,
        address=lambda need: reverse("cases:case", args=[need.case_id]),
    )
