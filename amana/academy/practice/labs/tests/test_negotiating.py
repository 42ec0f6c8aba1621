import pytest
from django.core.exceptions import PermissionDenied

from amana.academy.practice.labs import actions
from amana.academy.practice.labs.actions import negotiations
from amana.academy.practice.labs.engine.table import EVERYONE, build_channel
from amana.academy.practice.labs.tests.conftest import AGREED
from amana.academy.practice.labs.tests.played import (
    agree,
    agreed_now,
    fingerprint,
    play,
    sign_all,
)
from amana.design.mechanism import actions as mechanism
from amana.errors import Changed, Refused
from amana.trust.audit.models import AuditDetail, AuditEvent


def test_the_text_that_all_sign_is_a_mechanism_that_loads(
    lab, seated, trainer, coordinator
):
    play(lab, trainer, 3)
    agree(lab, seated)
    assert agreed_now(lab) == AGREED
    sign_all(lab, seated)
    assert (lab.stage, lab.result) == ("agreed", "agreed")

    version = actions.make_draft(lab, by=coordinator)

    pack = version.pack
    assert pack.id == "example_old_harbour"
    assert pack.duties["emergency_safety"].answers_for == "shelter"
    files = version.content()
    assert "answer: PT12H" in files["mechanism.yaml"].decode()
    assert "law_enforcement: [identity]" in files["mechanism.yaml"].decode()
    english = files["sop/en/26-old-harbour.md"].decode()
    assert english.startswith("# An agreement for Old Harbour\n")
    assert (
        "## What may go to the police\n\n"
        "**Who they are, when they wish to report**\n\nWords of police" in english
    )
    french = files["sop/fr/26-old-harbour.md"].decode()
    assert "## Ce qui peut aller à la police" in french
    assert "Words of police" in french
    assert version.state == "draft"


def test_a_learner_makes_no_draft_and_gets_a_file_that_loads(
    lab, seated, trainer, coordinator
):
    play(lab, trainer, 3)
    agree(lab, seated)
    with pytest.raises(Refused, match="not signed"):
        negotiations.write_agreed_files(lab)
    sign_all(lab, seated)

    with pytest.raises(PermissionDenied):
        actions.make_draft(lab, by=seated["police"])
    files = negotiations.write_agreed_files(lab)
    assert mechanism.load_draft(files, by=coordinator).pack.id == "example_old_harbour"


def test_what_people_write_is_no_heading_and_no_place_of_the_file(
    lab, seated, trainer, coordinator
):
    play(lab, trainer, 3)
    agree(lab, seated, {c: o for c, o in AGREED.items() if c != "after"})
    words = "# A title\n{{{role.none.title}}} \u202eab\x07 {{table.nothing}}"
    proposal = actions.propose(
        lab, "after", option="days3", words=words, by=seated["police"]
    )
    for player in seated.values():
        actions.accept(proposal, by=player)
    sign_all(lab, seated)

    chapter = actions.make_draft(lab, by=coordinator).content()
    text = chapter["sop/en/26-old-harbour.md"].decode()
    assert text.count("\n# ") == 0
    assert "{{" not in text
    assert "\u202e" not in text
    assert "A title\n{ { {role.none.title} } } ab" in text


def test_a_clause_is_agreed_only_when_every_needed_party_accepts_the_same(
    lab, seated, trainer
):
    play(lab, trainer, 3)
    *most, last = seated.values()
    proposal = actions.propose(lab, "answer", option="hours12", by=most[0])
    for player in most[1:]:
        actions.accept(proposal, by=player)
    assert "answer" not in agreed_now(lab)

    other = actions.propose(
        lab, "answer", option="hours12", words="At night too", by=last
    )
    assert "answer" not in agreed_now(lab)  # the same choice, and other words

    actions.accept(proposal, by=last)
    assert agreed_now(lab) == {"answer": "hours12"}
    actions.accept(other, by=most[0])  # who changes their mind opens it again
    assert "answer" not in agreed_now(lab)


def test_only_those_whom_a_clause_needs_are_waited_for(lab, seated, trainer):
    play(lab, trainer, 3)
    proposal = actions.propose(lab, "after", option="days3", by=seated["legal"])
    for party in ("coordination", "hospital"):
        actions.accept(proposal, by=seated[party])
    assert agreed_now(lab) == {}

    actions.accept(proposal, by=seated["shelter"])
    assert agreed_now(lab) == {"after": "days3"}  # the police are not needed


def test_who_refuses_takes_an_acceptance_back_and_who_accepts_a_refusal(
    lab, seated, trainer
):
    play(lab, trainer, 3)
    proposal = actions.propose(lab, "answer", option="hours12", by=seated["police"])
    for player in seated.values():
        actions.accept(proposal, by=player)

    actions.refuse(proposal, why="Not at night", by=seated["hospital"])
    assert agreed_now(lab) == {}
    assert proposal.refusals.get().why == "Not at night"
    actions.accept(proposal, by=seated["hospital"])
    assert agreed_now(lab) == {"answer": "hours12"}
    assert not proposal.refusals.exists()


def test_a_counter_names_what_it_is_written_over(lab, seated, trainer):
    play(lab, trainer, 3)
    first = actions.propose(lab, "answer", option="hours24", by=seated["police"])
    elsewhere = actions.propose(lab, "told", option="day", by=seated["police"])

    counter = actions.propose(
        lab, "answer", option="hours12", counters=first, by=seated["shelter"]
    )
    assert counter.counters == first
    with pytest.raises(Changed, match="already on the table"):
        actions.propose(lab, "answer", option="hours12", by=seated["legal"])
    stray = actions.propose(
        lab, "answer", option="hours4", counters=elsewhere, by=seated["legal"]
    )
    assert stray.counters is None


@pytest.mark.parametrize("to", [1, 2, 4])
def test_only_in_a_round_of_offers_anything_is_proposed(lab, seated, trainer, to):
    play(lab, trainer, to)
    with pytest.raises(Refused, match="In this round"):
        actions.propose(lab, "answer", option="hours12", by=seated["police"])


def test_before_the_first_round_nothing_is_proposed_and_after_it_seats_stay(
    lab, seated, trainer
):
    with pytest.raises(Refused, match="not begun"):
        actions.propose(lab, "answer", option="hours12", by=seated["police"])
    play(lab, trainer, 1)
    with pytest.raises(Changed):
        actions.take_seat(lab, "legal", by=seated["police"])


def test_nothing_is_signed_while_a_clause_is_open_or_after_it_changed(
    lab, seated, trainer
):
    play(lab, trainer, 3)
    agree(lab, seated, {c: o for c, o in AGREED.items() if c != "after"})
    with pytest.raises(Refused, match="open"):
        actions.sign(lab, sha256="", by=seated["police"])

    agree(lab, seated, {"after": "days3"})
    with pytest.raises(Changed, match="changed"):
        actions.sign(lab, sha256="0" * 64, by=seated["police"])

    actions.sign(lab, sha256=fingerprint(lab), by=seated["police"])
    with pytest.raises(Changed, match="signed"):
        actions.propose(lab, "answer", option="hours24", by=seated["legal"])
    with pytest.raises(Changed, match="signed"):
        actions.refuse(lab.proposals.first(), by=seated["legal"])
    with pytest.raises(Changed, match="signed"):
        actions.sign(lab, sha256=fingerprint(lab), by=seated["police"])

    actions.withdraw_signature(lab, by=seated["police"])
    actions.propose(lab, "answer", option="hours24", by=seated["legal"])
    with pytest.raises(Changed, match="not signed"):
        actions.withdraw_signature(lab, by=seated["police"])


def test_the_mediator_proposes_and_accepts_nothing(lab, seated, mediator, trainer):
    play(lab, trainer, 3)
    proposal = actions.propose(lab, "answer", option="hours12", by=mediator)
    assert not proposal.acceptances.exists()
    for refused in (
        lambda: actions.accept(proposal, by=mediator),
        lambda: actions.refuse(proposal, by=mediator),
        lambda: actions.sign(lab, sha256="", by=mediator),
    ):
        with pytest.raises(Refused, match="mediator"):
            refused()
    for player in seated.values():
        actions.accept(proposal, by=player)
    assert agreed_now(lab) == {"answer": "hours12"}  # without the mediator


def test_only_those_at_the_table_speak_and_only_those_who_lead_go_on(
    lab, seated, trainer, stranger, watcher
):
    play(lab, trainer, 3)
    for outsider in (trainer, stranger, watcher):
        with pytest.raises(PermissionDenied):
            actions.propose(lab, "answer", option="hours12", by=outsider)
        with pytest.raises(PermissionDenied):
            actions.write_in_channel(lab, EVERYONE, "Hello", by=outsider)
        with pytest.raises(PermissionDenied):
            actions.walk_away(lab, why="", by=outsider)
    for seat in ("legal", "mediator"):
        with pytest.raises(PermissionDenied):
            actions.take_seat(lab, seat, by=stranger)
    for act in (actions.close, actions.break_down, actions.reopen):
        with pytest.raises(PermissionDenied):
            act(lab, by=seated["police"])
    with pytest.raises(PermissionDenied):
        actions.begin_round(lab, to=4, by=seated["police"])


def test_nobody_writes_in_a_channel_of_others(lab, seated, trainer):
    play(lab, trainer, 3)
    for channel in ("shelter", "legal.shelter", "police.shelter.legal", "", "nobody"):
        with pytest.raises(Refused, match="no such channel"):
            actions.write_in_channel(lab, channel, "Hello", by=seated["police"])


def test_the_log_does_not_keep_with_whom_or_what_was_written(lab, seated, trainer):
    play(lab, trainer, 2)
    pair = build_channel(("police", "shelter"))
    actions.write_in_channel(lab, pair, "Between us.", by=seated["police"])

    event = AuditEvent.objects.latest("pk")
    assert event.did == "wrote message in negotiation"
    assert not AuditDetail.objects.filter(event=event).exists()
