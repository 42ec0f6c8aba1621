"""Faults of emergency access, exports and decoys."""

from types import SimpleNamespace
from typing import Any

from .registry import fault, other, put

DECOYS = "amana/care/decoys/tests"
EMERGENCY_ACCESS = "amana/care/emergency_access/tests"


@fault(f"{EMERGENCY_ACCESS}/test_opening.py")
def emergency_lasts_until_a_timer_runs() -> None:
    """What was opened in an emergency stays open where no timer runs."""
    from amana.care.cases.models import AssignmentQuerySet

    put(AssignmentQuerySet, current=lambda self: self.filter(ended_at=None))


@fault(f"{EMERGENCY_ACCESS}/test_opening.py")
def emergency_opens_other_teams() -> None:
    """A reference opens a case of any team to whoever holds some team's keys."""
    from django.db.models import Q

    from amana.care.emergency_access import actions
    from amana.trust.access.rules import define_rule

    put(actions, open_in_emergency=define_rule(lambda user: Q(restricted=False)))


@fault(f"{EMERGENCY_ACCESS}/test_reviewing.py")
def emergency_is_reviewed_by_its_own() -> None:
    """A supervisor says of themselves that it was right."""
    from amana.care.emergency_access import actions
    from amana.care.emergency_access.rules import see_emergency_access

    put(actions, review_emergency_access=see_emergency_access)


@fault(f"{EMERGENCY_ACCESS}/test_opening.py")
def emergency_tells_the_team_alone() -> None:
    """Those who work on the case and lead the team are told, and nobody beside them."""
    from amana.care.emergency_access import actions

    put(actions, _people=lambda *among, but: given_by_team(among, but))


def given_by_team(among: Any, but: int) -> Any:
    from amana.trust.access.models import User

    first = User.objects.filter(pk__in=among[0])
    return list(first.exclude(pk=but))


@fault(f"{EMERGENCY_ACCESS}/test_opening.py")
def emergency_becomes_the_lead() -> None:
    """Who opened a case in an emergency comes to lead it when its lead leaves."""
    from amana.care.cases.models import AssignmentQuerySet

    put(AssignmentQuerySet, lasting=lambda self: self.current())


@fault(f"{EMERGENCY_ACCESS}/test_reviewing.py")
def emergency_opens_again_at_once() -> None:
    """What a review found wrong is done again in the same minute."""
    from amana.care.emergency_access import actions

    put(actions, _was_wrong=lambda case, by: False)


EXPORTS = "amana/trust/exports/tests/test_exports.py"


@fault(EXPORTS)
def large_export_by_one() -> None:
    """One person takes everyone's data out, alone."""
    from amana.trust.exports import actions

    put(actions, ALONE=10_000)


@fault(EXPORTS)
def large_export_in_pieces() -> None:
    """Twenty people's data at a time, ten times a day, need no second person."""
    from amana.trust.exports import actions

    put(actions, find_records_of_day=lambda user, now: set())


@fault(EXPORTS)
def export_approved_by_a_teammate() -> None:
    """Who sits beside them lets a large export go."""
    from django.db.models import Q

    from amana.trust.access.rules import define_rule
    from amana.trust.exports import actions

    put(actions, approve_export=define_rule(lambda user: ~Q(by=user)))


@fault(EXPORTS)
def export_unseen_by_the_person() -> None:
    """An export is in the log, and in no one's access list."""
    from amana.trust.audit import log
    from amana.trust.exports import actions

    def record(*said: Any, cases: Any = (), **more: Any) -> Any:
        return log.record(*said, **more)

    put(actions, log=SimpleNamespace(record=record))


@fault(EXPORTS)
def export_without_its_number() -> None:
    """What lies in a street doesn't say which export it was."""
    from amana.trust.exports.models import Export

    put(Export, code="00000000")


@fault(EXPORTS)
def export_of_what_is_seen_no_more() -> None:
    """Who has left the team takes what they asked for before."""
    from dataclasses import replace

    from amana.trust.exports import actions

    class Trusting(dict[str, Any]):
        def __getitem__(self, code: str) -> Any:
            kind = super().__getitem__(code)

            def find(user: Any, chosen: Any) -> Any:
                return kind.find(user, chosen) or {pk: pk for pk in chosen}

            return replace(kind, find=find)

    put(actions, KINDS=Trusting(actions.KINDS))


@fault(f"{DECOYS}/test_decoy_alarms.py")
def decoy_alarms_nobody() -> None:
    """A decoy case is opened like any other."""
    from amana.trust.alarms import decoys

    put(decoys, filter_touching=lambda events, *, but=None: events.none())


@fault(f"{DECOYS}/test_decoy_alarms.py")
def decoy_alarms_its_maker() -> None:
    """Who made it is told of like everyone else, and slowed down."""
    from amana.trust.alarms import decoys

    right = decoys.filter_touching
    put(decoys, filter_touching=lambda events, *, but=None: right(events))


@fault(f"{DECOYS}/test_decoys.py::test_it_is_open_for_longer_than_a_real_closing_takes")
def decoy_closed_at_once() -> None:
    """A list of closed cases shows by its minutes which one is a decoy."""
    from datetime import timedelta

    from amana.care.decoys import actions

    put(actions, choose_open_time=lambda: timedelta(seconds=1))


@fault(f"{DECOYS}/test_decoys.py")
def decoy_is_counted() -> None:
    """A person who doesn't exist is in the figures."""
    from amana.insight.facts import recording

    put(recording, is_decoy=lambda case: False)


@fault(f"{DECOYS}/test_decoys.py")
def decoy_in_the_clear() -> None:
    """Whoever reads the database learns which case it is."""
    from amana.trust.alarms import decoys
    from amana.trust.vault import server_secrets

    def as_it_is(text: str, *place: Any) -> str:
        return text

    put(decoys, server_secrets=other(server_secrets, seal_text=as_it_is))
    put(decoys.server_secrets, open_text=as_it_is)
