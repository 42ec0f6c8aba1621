"""How a table is led from stage to stage."""

import pytest
from django.core.exceptions import PermissionDenied

from amana.academy.cohorts import actions as cohorts
from amana.academy.courses.content import load_content
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.engine.table import EVERYONE, build_channel
from amana.academy.practice.labs.models import Lab, LabEvent
from amana.academy.practice.labs.tests.conftest import AGREED
from amana.academy.practice.labs.tests.played import (
    agree,
    agreed_now,
    fingerprint,
    play,
    sign_all,
)
from amana.errors import Changed, Refused


def test_one_party_alone_negotiates_nothing(lab, learners, trainer):
    actions.take_seat(lab, "police", by=learners[0])
    actions.take_seat(lab, "mediator", by=learners[1])
    with pytest.raises(Refused, match="two parties"):
        actions.begin_round(lab, to=1, by=trainer)


def test_a_round_begins_once_and_in_order(lab, seated, trainer):
    with pytest.raises(Changed):
        actions.begin_round(lab, to=2, by=trainer)
    actions.begin_round(lab, to=1, by=trainer)
    with pytest.raises(Changed):
        actions.begin_round(lab, to=1, by=trainer)
    with pytest.raises(Refused, match="does not exist"):
        actions.begin_round(lab, to=6, by=trainer)


def test_those_who_lead_may_mediate_and_play_no_party(lab, seated, trainer):
    with pytest.raises(PermissionDenied):
        actions.take_seat(lab, "police", by=trainer)
    actions.take_seat(lab, "mediator", by=trainer)
    play(lab, trainer, 2)
    actions.write_in_channel(
        lab, build_channel(("mediator", "police")), "And alone?", by=trainer
    )


def test_anyone_at_the_table_calls_a_break_and_the_mediator_ends_it(
    lab, seated, mediator, trainer, stranger, watcher
):
    play(lab, trainer, 3)
    for outsider in (stranger, watcher):
        with pytest.raises(PermissionDenied):
            actions.call_break(lab, by=outsider)
    actions.call_break(lab, by=seated["shelter"])

    with pytest.raises(Refused, match="In this round"):
        actions.propose(lab, "answer", option="hours12", by=seated["police"])
    with pytest.raises(Refused, match="closed"):
        actions.write_in_channel(lab, EVERYONE, "Now?", by=seated["police"])
    pair = build_channel(("police", "shelter"))
    with pytest.raises(Refused, match="closed"):
        actions.write_in_channel(lab, pair, "Now?", by=seated["police"])
    to_mediator = build_channel(("police", "mediator"))
    actions.write_in_channel(lab, to_mediator, "Ask them.", by=seated["police"])
    with pytest.raises(PermissionDenied):
        actions.resume(lab, by=seated["shelter"])
    # Not kept at the table: who needed it.
    called = lab.events.get(kind=LabEvent.Kind.BREAK)
    assert called.party == ""

    actions.resume(lab, by=mediator)
    actions.propose(lab, "answer", option="hours12", by=seated["police"])


def test_who_walks_away_suspends_the_table_until_they_come_back(lab, seated, trainer):
    play(lab, trainer, 3)
    agree(lab, seated)
    actions.sign(lab, sha256=fingerprint(lab), by=seated["legal"])

    actions.walk_away(lab, why="No advice, no signature", by=seated["legal"])
    actions.walk_away(lab, why="", by=seated["shelter"])
    lab.refresh_from_db()
    assert lab.stage == "suspended"
    assert not lab.signatures.exists()
    with pytest.raises(Refused):
        actions.sign(lab, sha256=fingerprint(lab), by=seated["police"])
    with pytest.raises(Changed):
        actions.walk_away(lab, why="", by=seated["legal"])
    with pytest.raises(Changed):
        actions.come_back(lab, by=seated["police"])
    pair = build_channel(("police", "legal"))
    actions.write_in_channel(
        lab, pair, "What would bring you back?", by=seated["police"]
    )

    actions.come_back(lab, by=seated["legal"])
    lab.refresh_from_db()
    assert lab.stage == "suspended"  # the shelter is still away
    actions.come_back(lab, by=seated["shelter"])
    lab.refresh_from_db()
    assert lab.stage == "playing"


def test_where_the_file_ends_it_a_walk_away_is_the_end(
    lab, seated, trainer, monkeypatch
):
    spoilt = load_content(lab.cohort.version).labs["old-harbour"]
    monkeypatch.setitem(spoilt, "walk_away", "ends")
    play(lab, trainer, 3)

    actions.walk_away(lab, why="Enough", by=seated["shelter"])
    lab.refresh_from_db()
    assert (lab.stage, lab.result) == ("broken", "broken")
    with pytest.raises(Changed):
        actions.come_back(lab, by=seated["shelter"])


def test_after_the_end_it_is_renegotiated_once(lab, seated, trainer):
    play(lab, trainer, 3)
    with pytest.raises(Changed, match="not ended"):
        actions.reopen(lab, by=trainer)
    agree(lab, seated)
    sign_all(lab, seated)

    actions.reopen(lab, by=trainer)
    lab.refresh_from_db()
    assert (lab.stage, lab.result) == ("playing", "")
    assert not lab.signatures.exists()
    assert agreed_now(lab) == AGREED  # what was agreed stays on the table
    proposal = actions.propose(lab, "answer", option="hours24", by=seated["police"])
    assert proposal.acceptances.exists()
    with pytest.raises(Refused, match="does not exist"):
        actions.begin_round(lab, to=4, by=trainer)

    actions.break_down(lab, by=trainer)
    lab.refresh_from_db()
    assert (lab.stage, lab.result) == ("broken", "broken")
    with pytest.raises(Refused, match="no further round"):
        actions.reopen(lab, by=trainer)


def test_who_left_the_cohort_has_no_seat_and_is_not_waited_for(
    lab, seated, trainer, cohort
):
    play(lab, trainer, 3)
    *stay, leaves = seated.values()
    place = cohort.applications.get(person=leaves)
    cohorts.withdraw_application(place, by=leaves)

    with pytest.raises(PermissionDenied):
        actions.propose(lab, "answer", option="hours12", by=leaves)
    proposal = actions.propose(lab, "answer", option="hours12", by=stay[0])
    for player in stay[1:]:
        actions.accept(proposal, by=player)
    assert agreed_now(lab) == {"answer": "hours12"}


def test_a_closed_table_stays_closed(lab, seated, trainer):
    actions.close(lab, by=trainer)
    with pytest.raises(Changed):
        actions.close(lab, by=trainer)
    with pytest.raises(Changed):
        actions.write_in_channel(lab, "police", "Late", by=seated["police"])
    assert Lab.objects.get().closed_at is not None
