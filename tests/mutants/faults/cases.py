"""Faults of cases, their lists and their decisions."""

from typing import Any

from .registry import fault, put

CLOSURE = "tests/properties/test_closure.py"
CASES = "amana/care/cases/tests"
REFERENCES = "amana/care/cases/tests/test_references.py"
GATE = "amana/care/cases/tests/test_gate.py"
FILES = "amana/care/cases/tests/test_files.py"


@fault(CLOSURE)
def stale_rule_in_a_list() -> None:
    """A list still counts the teams that someone has left."""
    from amana.care.cases import rules as cases
    from amana.care.referrals import rules as referrals
    from amana.trust.access.models import Membership

    def ever_in(user: Any, *roles: Any) -> Any:
        held = Membership.objects.filter(user=user, confirmed_at__isnull=False)
        held = held.filter(role__in=roles) if roles else held
        return held.values_list("team", flat=True)

    put(cases, find_team_ids=ever_in)
    put(referrals, find_team_ids=ever_in)


@fault(REFERENCES)
def swapped_signs_go_unnoticed() -> None:
    """The check of a reference is the same whatever the order of its signs."""
    from amana.care.cases import references

    put(references, multiply_by_x=lambda element: element)


@fault(GATE)
def unanswered_is_safe() -> None:
    """A safety question that nobody asked counts as answered well."""
    from amana.care.cases.gate import SafetyGate

    put(SafetyGate, unanswered=property(lambda gate: []))


@fault(GATE)
def stands_against_and_safe() -> None:
    """Not in private, or a phone that is followed, and the page says: you can talk."""
    from amana.care.cases.gate import SafetyGate

    put(SafetyGate, against=property(lambda gate: []))


@fault("amana/care/lists/tests/test_ranking.py")
def urgency_before_everything() -> None:
    """Medium work that is late for weeks never rises."""
    from datetime import timedelta

    from amana.care.lists import ranking

    put(ranking, RISES_AFTER=timedelta(days=10_000))


@fault("amana/care/lists/tests/test_ordering.py")
def lists_that_never_rise() -> None:
    """In a list, medium work that is late for weeks stays where it is."""
    from datetime import timedelta

    from amana.care.lists import ordering

    put(ordering, RISES_AFTER=timedelta(days=10_000))


@fault("amana/care/cases/tests/test_lists.py")
def one_refusal_stops_all() -> None:
    """Of several cases that are assigned, the first refusal ends it."""
    from amana.care.cases import actions

    def together(cases: Any, worker: Any, *, part: str, by: Any) -> list[Any]:
        for case in cases:
            actions.assign(case, worker, part=part, by=by)
        return []

    put(actions, assign_together=together)


@fault("amana/care/lists/tests/test_views.py")
def a_view_keeps_what_was_typed() -> None:
    """An address is stored as it came, with whatever stands in it."""
    from amana.ui.lists import ListRequest

    def query(self: Any, **_words: Any) -> str:
        return "urgency=U0&name=Zubaida"

    put(ListRequest, query=query)


@fault(f"{CASES}/test_closing.py")
def closure_reason_in_the_log() -> None:
    """The log's details say in the clear who was deported."""
    from amana.care.cases.actions import closures

    close = closures._close

    def told(case: Any, closure: Any, reason: str, child: Any, *, by: Any) -> Any:
        closures.log.record("noted", case, by=by, case=case.pk, reason=reason)
        return close(case, closure, reason, child, by=by)

    put(closures, _close=told)


@fault(CLOSURE)
def need_kind_in_the_log() -> None:
    """The log's details say in the clear what exactly a person needs."""
    from amana.care.cases.actions import needs, opening

    write_need = needs.write_need

    def told(case: Any, asked: Any, *, by: Any) -> Any:
        need = write_need(case, asked, by=by)
        kind = str(asked.type)
        needs.log.record("noted", need, by=by, case=case.pk, type=kind)
        return need

    put(needs, write_need=told)
    put(opening, write_need=told)


@fault(f"{CASES}/test_needs.py")
def need_kind_beside_the_seal() -> None:
    """What exactly is needed waits in the clear with what can be undone."""
    from amana.care.cases.actions import needs

    settle = needs.settle_need

    def told(need: Any, *, status: str, by: Any, reason: str = "") -> Any:
        needs.need_kinds.learn([need], by=by)
        needs.pending.hold_decision(
            needs.ANSWER,
            need,
            due_at=needs.timezone.now(),
            by=by,
            about=need.case_id,
            choices={"type": need.type.value},
        )
        return settle(need, status=status, by=by, reason=reason)

    put(needs, settle_need=told)


@fault("tests/architecture/test_stolen_disk.py")
def clear_column_unsaid() -> None:
    """A new column in the clear says something of a person, and no page says so."""
    from amana.care.cases.models import Case
    from amana.privacy import Privacy

    Case.Privacy.due_what = Privacy.SENSITIVE  # type: ignore[assignment]


@fault(
    f"{CASES}/test_list_pages.py::test_whoever_tries_a_page_of_others_is_written_down"
)
def turned_away_unseen() -> None:
    """Who tries the pages of others leaves no line in the log."""
    from amana.trust.access import http

    put(http, record_attempt=lambda rule, thing, *, by, model=None: None)


@fault(f"{CASES}/test_stranger_pages.py::test_for_strangers_there_is_no_such_case")
def address_opens_any_case() -> None:
    """Whoever types the address of a case reads it."""
    from amana.care.cases.rules import see_case
    from amana.trust.access.rules import EVERYTHING

    object.__setattr__(see_case, "where", lambda user: EVERYTHING)


@fault(f"{FILES}::test_the_copy_of_a_picture_says_nothing_of_place_or_camera")
def picture_tells_the_place() -> None:
    """What is shown of a picture still says where it was taken."""
    from amana.trust.vault import files

    copied = files.make_safe_copy
    put(files, make_safe_copy=lambda content, by: (copied(content, by)[0], content))


@fault(f"{FILES}::test_what_could_do_harm_is_refused")
def harm_let_in() -> None:
    """A file is taken for what its name says, and nobody looks into it."""
    from amana.trust.vault import files

    def by_name(content: bytes, name: str, **_by: Any) -> Any:
        clean = files.clean_name(name)
        return files.InspectedFile("application/pdf", clean, content, content, "")

    put(files, inspect_file=by_name)


@fault(
    f"{CASES}/test_list_pages.py::"
    "test_a_damaged_card_keeps_nobody_from_the_others_and_is_told"
)
def damaged_card_is_told_to_no_one() -> None:
    """What could not be opened is left out, and no one hears of it."""
    from amana.trust.alarms import actions

    put(actions, record_omitted=lambda aside, *, by: None)


OUTAGES = "amana/care/cases/tests/test_outages.py"


@fault(f"{OUTAGES}::test_what_unlocks_something_is_not_given_back")
def passphrase_given_back() -> None:
    """The page of an outage holds the passphrase that was sent."""
    from amana.ui import typed

    put(typed, is_secret=lambda name: False)


@fault(f"{OUTAGES}::test_an_outage_is_told_from_a_mistake")
def mistake_taken_for_an_outage() -> None:
    """A missing table is said to be an outage, and nobody mends it."""
    from django.db import OperationalError

    from amana.ui import outages

    put(
        outages,
        detect_outage=lambda error: (
            "database" if isinstance(error, OperationalError) else None
        ),
    )
