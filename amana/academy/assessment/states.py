"""Where a piece of work stands, and what may come next: one table."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for an assessor")
    TAKEN = "taken", _("Being marked")
    PASSED = "passed", _("Passed")
    REVISE = "revise", _("To be revised")
    APPEALED = "appealed", _("Under appeal")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def next(self) -> frozenset[Self]:
        return NEXT[self]


_S = WorkStatus
NEXT: dict[WorkStatus, frozenset[WorkStatus]] = {
    _S.WAITING: frozenset({_S.TAKEN, _S.WITHDRAWN}),
    _S.TAKEN: frozenset({_S.WAITING, _S.PASSED, _S.REVISE, _S.WITHDRAWN}),
    _S.PASSED: frozenset({_S.REVISE}),  # overridden
    _S.REVISE: frozenset({_S.PASSED, _S.APPEALED}),  # overridden, or appealed against
    _S.APPEALED: frozenset({_S.PASSED, _S.REVISE}),
    _S.WITHDRAWN: frozenset(),
}

OPEN = frozenset({_S.WAITING, _S.TAKEN, _S.APPEALED})
"""A person has to act; no other version can be handed in meanwhile."""

TO_JUDGE = frozenset({_S.WAITING, _S.TAKEN})
JUDGED = frozenset({_S.PASSED, _S.REVISE, _S.APPEALED})
