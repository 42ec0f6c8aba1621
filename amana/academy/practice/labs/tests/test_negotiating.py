import pytest
from django.core.exceptions import PermissionDenied

from amana.academy.cohorts import actions as cohorts
from amana.academy.practice.labs import actions, shipped_labs
from amana.academy.practice.labs.actions import negotiations
from amana.academy.practice.labs.engine import text
from amana.academy.practice.labs.tests.conftest import AGREED, PARTIES
from amana.design.mechanism import actions as mechanism
from amana.design.mechanism import pack_memory
from amana.errors import Changed, Refused


def play(lab, trainer, to):
    while lab.round < to:
        actions.begin_round(lab, to=lab.round + 1, by=trainer)


def agree(lab, seated, agreed=AGREED):
    first, *others = seated.values()
    for clause, option in agreed.items():
        proposal = actions.propose(lab, clause, option, by=first)
        for other in others:
            actions.accept(proposal, by=other)


def test_the_text_that_all_sign_is_a_mechanism_that_loads(
    lab, seated, trainer, coordinator
):
    play(lab, trainer, 3)
    agree(lab, seated)
    agreed = negotiations.map_agreed(lab)
    assert agreed == AGREED
    for player in seated.values():
        actions.sign(lab, sha256=text.compute_fingerprint(agreed), by=player)

    said = negotiations.load_lab(lab)
    files = text.write_agreed(said, shipped_labs.load_pack(said), agreed)
    version = mechanism.load_draft(files, by=coordinator)

    assert version.pack.duties["emergency_safety"].answers_for == "shelter"
    said_now = version.content()["mechanism.yaml"].decode()
    assert "answer: PT12H" in said_now
    assert "law_enforcement: [identity]" in said_now


def test_a_clause_stands_only_when_every_party_accepts_the_same(lab, seated, trainer):
    play(lab, trainer, 2)
    *most, last = seated.values()
    proposal = actions.propose(lab, "answer", "hours12", by=most[0])
    for player in most[1:]:
        actions.accept(proposal, by=player)
    assert "answer" not in negotiations.map_agreed(lab)

    other = actions.propose(lab, "answer", "hours24", by=last)
    assert "answer" not in negotiations.map_agreed(lab)

    actions.accept(proposal, by=last)
    assert negotiations.map_agreed(lab) == {"answer": "hours12"}
    actions.accept(other, by=most[0])  # who changes their mind opens it again
    assert "answer" not in negotiations.map_agreed(lab)


def test_in_a_caucus_nobody_proposes(lab, seated, trainer):
    play(lab, trainer, 1)
    with pytest.raises(Refused, match="talks separately"):
        actions.propose(lab, "answer", "hours12", by=seated["police"])


def test_before_the_first_round_nobody_proposes_and_after_it_nobody_changes_seat(
    lab, seated, trainer
):
    with pytest.raises(Refused):
        actions.propose(lab, "answer", "hours12", by=seated["police"])
    play(lab, trainer, 1)
    with pytest.raises(Changed):
        actions.take_seat(lab, "legal", by=seated["police"])


def test_nothing_is_signed_while_a_clause_is_open_or_after_it_changed(
    lab, seated, trainer
):
    play(lab, trainer, 2)
    agree(lab, seated, {c: o for c, o in AGREED.items() if c != "after"})
    with pytest.raises(Refused, match="open"):
        actions.sign(lab, sha256="", by=seated["police"])

    agree(lab, seated, {"after": "days3"})
    with pytest.raises(Changed, match="changed"):
        actions.sign(lab, sha256="0" * 64, by=seated["police"])

    actions.sign(
        lab,
        sha256=text.compute_fingerprint(negotiations.map_agreed(lab)),
        by=seated["police"],
    )
    with pytest.raises(Changed, match="signed"):
        actions.propose(lab, "answer", "hours24", by=seated["legal"])
    with pytest.raises(Changed, match="signed"):
        actions.sign(
            lab,
            sha256=text.compute_fingerprint(negotiations.map_agreed(lab)),
            by=seated["police"],
        )


def test_only_whoever_has_a_seat_speaks_and_only_who_leads_goes_on(
    lab, seated, trainer, stranger
):
    play(lab, trainer, 2)
    for outsider in (trainer, stranger):
        with pytest.raises(PermissionDenied):
            actions.propose(lab, "answer", "hours12", by=outsider)
    with pytest.raises(PermissionDenied):
        actions.take_seat(lab, "legal", by=stranger)
    with pytest.raises(PermissionDenied):
        actions.begin_round(lab, to=3, by=seated["police"])
    with pytest.raises(PermissionDenied):
        actions.close(lab, by=seated["police"])


def test_whoever_left_the_cohort_has_no_say_and_is_not_waited_for(
    lab, seated, trainer, cohort
):
    play(lab, trainer, 2)
    *stay, leaves = seated.values()
    place = cohort.applications.get(person=leaves)
    cohorts.withdraw_application(place, by=leaves)

    with pytest.raises(PermissionDenied):
        actions.propose(lab, "answer", "hours12", by=leaves)
    proposal = actions.propose(lab, "answer", "hours12", by=stay[0])
    for player in stay[1:]:
        actions.accept(proposal, by=player)
    assert negotiations.map_agreed(lab) == {"answer": "hours12"}


def test_a_note_is_for_ones_own_party(lab, seated):
    note = actions.write_aside(lab, "We can wait.", by=seated["police"])

    assert note.party == "police"


def test_a_closed_table_stays_closed(lab, seated, trainer):
    actions.close(lab, by=trainer)
    with pytest.raises(Changed):
        actions.close(lab, by=trainer)
    with pytest.raises(Changed):
        actions.write_aside(lab, "Late", by=seated["police"])


def test_every_clause_of_the_shipped_negotiation_loads_with_every_option(
    lab, coordinator
):
    """Each option once; the parties are free to combine them, and files are checked as
    a whole when they are brought."""
    said = negotiations.load_lab(lab)
    files = shipped_labs.load_pack(said)
    assert set(said.parties) == set(PARTIES)
    offered = {code: list(clause.options) for code, clause in said.clauses.items()}
    for nth in range(max(map(len, offered.values()))):
        chosen = {
            code: options[nth % len(options)] for code, options in offered.items()
        }
        written = text.write_agreed(said, files, chosen)
        _pack, faults = pack_memory.read_files(written)
        assert faults == [], chosen
