"""Faults of figures and feedback."""

from types import SimpleNamespace
from typing import Any

from .registry import fault, put

FEEDBACK = "amana/insight/feedback/tests"


@fault(f"{FEEDBACK}/test_rules.py")
def reads_of_ones_own_house() -> None:
    """Who also works for an organisation reads what is said of it."""
    from django.db.models import Q

    from amana.insight.feedback import rules

    put(rules, exclude_own=lambda user: Q(pk__isnull=False))


@fault(f"{FEEDBACK}/test_answering.py")
def slip_opens_twice() -> None:
    """A slip is not used up by an answer."""
    from amana.insight.feedback.actions import answering

    put(answering, _use_up=lambda slip: None)


@fault(f"{FEEDBACK}/test_answering.py", on_postgresql=True)
def words_lie_as_they_came() -> None:
    """Words are laid among the others in the order in which people spoke."""
    from amana.insight.feedback.actions import answering

    as_they_came = SimpleNamespace(shuffle=lambda found: None)
    put(answering, SystemRandom=lambda: as_they_came)


@fault(f"{FEEDBACK}/test_reading.py")
def ten_are_enough() -> None:
    """A theme is told when ten people spoke of it."""
    from amana.insight.feedback import heard

    put(heard, get_smallest_group=lambda: 10)


@fault("amana/insight/gaps/tests/test_views.py")
def gaps_are_counted_by_one_kind_and_listed_by_all() -> None:
    """The number of a kind forgets the gaps that are of it too."""
    from amana.insight.gaps.listing import GapRow

    put(GapRow, kinds=property(lambda self: {self.gap.kind}))


@fault("amana/insight/facts/tests/test_reactions.py")
def need_kind_in_what_is_counted() -> None:
    """What will be counted says beside the case's id for which help it was."""
    from amana.insight.facts import reactions

    def of(referral: Any, **said: str) -> dict[str, str]:
        return {"topic": "SH2", "urgency": referral.urgency, **said}

    put(reactions, build_referral_codes=of)


@fault("amana/insight/facts/tests/test_reactions.py")
def closure_reason_waits_in_the_clear() -> None:
    """Why a case was closed waits beside its id until the team does something."""
    from amana.insight.facts import reactions

    put(
        reactions,
        record_clock_observations=lambda case, team, some: (
            reactions.record_others_observations(case, None, some)
        ),
    )


SHEETS = "amana/insight/measure/tests/test_actions.py"


@fault(f"{SHEETS}::test_nobody_who_writes_waits_for_sheets")
def figures_hold_the_lock() -> None:
    """Nobody writes while figures are drawn up."""
    from django.db import transaction

    from amana.insight.measure import actions

    put(actions, prepare_year=transaction.atomic(actions.prepare_year))


@fault(f"{SHEETS}::test_what_others_drew_up_meanwhile_stays")
def figures_drawn_up_over_newer_ones() -> None:
    """What was drawn up takes the place of what was drawn up meanwhile, and shown."""
    from amana.insight.measure import actions

    def store(drawn: Any, *_said: Any) -> None:
        for sheet in drawn:
            sheet.save()

    put(actions, _store=store)


@fault("amana/insight/feedback/tests/test_outages.py::test_what_was_filled_in_stays")
def reloaded_over_what_was_filled_in() -> None:
    """At a device in a house an outage takes what someone had filled in."""
    from amana.ui import outages

    put(outages, comes_back=lambda request: any(f(request) for f in outages.UNATTENDED))
