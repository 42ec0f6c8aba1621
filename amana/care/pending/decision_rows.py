"""Pending decisions as who made them sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from amana.care.pending.decision_kinds import KINDS
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.trust.access.models import User
from amana.trust.access.prepared import prepare_query


@dataclass(frozen=True)
class DecisionRow:
    """One decision, with what was decided."""

    decision: PendingDecision

    @property
    def label(self) -> str | Promise:
        return KINDS[self.decision.kind].label

    @property
    def has_failed(self) -> bool:
        return self.decision.failed_at is not None

    @property
    def url(self) -> str:
        return get_address(self.decision)

    @property
    def can_be_undone(self) -> bool:
        return self.decision.due_at > timezone.now()


def get_address(decision: PendingDecision) -> str:
    """Return the page of the thing, or of all one's decisions where it is gone."""
    kind = KINDS[decision.kind]
    try:
        return kind.address(kind.find(decision.thing))
    except ObjectDoesNotExist:
        return reverse("pending:list")


@prepare_query(User, UUID)
def _about(user: User, thing: UUID) -> QuerySet[PendingDecision]:
    mine = see_own_decision.among(PendingDecision.objects.all(), user)
    return mine.filter(Q(thing=thing) | Q(about=thing)).order_by("due_at")


def list_about(user: User, thing: UUID) -> list[DecisionRow]:
    """List one's own decisions on a thing, or on what belongs to a case. One query."""
    return [DecisionRow(decision) for decision in _about.of(user, thing).all()]


MOST_WAITING = 50
"""So many of one person's decisions are marked in a list."""


@prepare_query(User)
def find_waiting(user: User) -> QuerySet[PendingDecision]:
    """Find one's own decisions that wait, to be asked together with what else a list
    needs."""
    mine = see_own_decision.among(PendingDecision.objects.waiting(), user)
    said = mine.only("kind", "thing", "due_at", "failed_at", "by")
    return said.order_by("due_at", "pk")


def map_things(decisions: Iterable[PendingDecision]) -> dict[UUID, DecisionRow]:
    """Map the rows of a list to what its reader has decided on each."""
    return {decision.thing: DecisionRow(decision) for decision in decisions}


def list_own(user: User) -> list[DecisionRow]:
    mine = see_own_decision.among(PendingDecision.objects.all(), user)
    return [DecisionRow(decision) for decision in mine.order_by("due_at")]
