"""The table of statuses: what may follow what, and how the manual draws it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from amana.care.referrals import actions, drawing
from amana.care.referrals.models import Referral, ReferralStage, ReferralStatus
from amana.care.referrals.states import NEXT, STAGE, WAITS
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent

from .conftest import LEADS_TO, VERBS, WAY_TO
from .reaching import goes_to

S = ReferralStatus


def test_the_table_names_every_status() -> None:
    assert set(NEXT) == set(ReferralStatus)
    assert set(STAGE) == set(ReferralStatus)
    assert set(WAY_TO) == set(ReferralStatus)


def test_every_open_status_has_a_clock_and_no_ended_one_has() -> None:
    assert set(WAITS) == {status for status in ReferralStatus if NEXT[status]}
    assert {s for s in ReferralStatus if STAGE[s] is not ReferralStage.ENDED} == set(
        WAITS
    )


def test_every_status_can_be_reached_and_left_for_an_end() -> None:
    reached, rest = {S.SENT}, [S.SENT]
    while rest:
        found = NEXT[rest.pop()] - reached
        reached |= found
        rest += found
    assert reached == set(ReferralStatus)


def test_nothing_open_survives_the_end_of_its_consent() -> None:
    for status in ReferralStatus:
        if STAGE[status] in (ReferralStage.ANSWER, ReferralStage.SERVICE):
            assert {S.WITHDRAWN, S.EXPIRED} <= NEXT[status]


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_each_verb_does_exactly_what_the_table_allows(
    status: ReferralStatus, referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    for verb, to in LEADS_TO.items():
        found = Referral.objects.get(pk=referral.pk)
        allowed = to in NEXT[status] and not (
            (verb == "report" and status is not S.STARTED)
            or (verb == "start" and status is S.STARTED)
        )
        savepoint = _Undone()
        with savepoint:
            if allowed:
                VERBS[verb](found, worker, shelter_worker)
                found.refresh_from_db()
                assert found.state is to, verb
            else:
                with pytest.raises(Refused):
                    VERBS[verb](found, worker, shelter_worker)
                found = Referral.objects.get(pk=referral.pk)
                assert found.state is status, verb


class _Undone:
    """What happens inside is undone at the end, so that each verb starts anew."""

    def __enter__(self) -> None:
        from django.db import transaction

        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        from django.db import transaction

        if kind is None:
            transaction.set_rollback(True)
        self.block.__exit__(kind, error, trace)  # type: ignore[arg-type]


def test_each_act_leaves_exactly_one_event_of_its_own_in_the_log(
    referral: Referral, shelter_worker: User
) -> None:
    before = AuditEvent.objects.filter(thing=f"referrals.referral:{referral.pk}")
    count = before.count()
    actions.acknowledge(referral, by=shelter_worker)
    actions.accept(referral, by=shelter_worker)
    assert before.count() == count + 2


def test_the_manual_draws_the_table_as_it_is() -> None:
    page = drawing.PAGE.read_text()
    assert drawing.insert_drawn_parts(page) == page, "python manage.py draw_referrals"
    assert all(str(status.label) in page for status in ReferralStatus)


def test_a_page_that_has_grown_old_is_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, page = drawing.PAGE.read_text(), tmp_path / "referrals.md"
    page.write_text(fresh.replace("| Sent | Received,", "| Sent | Forgotten,"))
    monkeypatch.setattr(drawing, "PAGE", page)
    call_command("draw_referrals", stdout=StringIO())
    assert page.read_text() == fresh
