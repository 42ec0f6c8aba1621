"""What tests play at a table: to a round, to an agreement, to the signatures."""

from collections.abc import Mapping

from amana.academy.practice.labs import actions
from amana.academy.practice.labs.engine import protocol
from amana.academy.practice.labs.models import Lab
from amana.academy.practice.labs.table_status import get_words, load_lab, map_agreed
from amana.academy.practice.labs.tests.conftest import AGREED
from amana.trust.access.models import User


def play(lab: Lab, trainer: User, to: int) -> None:
    """Begin rounds until this one."""
    lab.refresh_from_db()
    while lab.round < to:
        actions.begin_round(lab, to=lab.round + 1, by=trainer)
        lab.refresh_from_db()


def agree(
    lab: Lab, seated: Mapping[str, User], agreed: Mapping[str, str] = AGREED
) -> None:
    """Propose each clause by the first, and have all others accept it."""
    first, *others = seated.values()
    for clause, option in agreed.items():
        proposal = actions.propose(
            lab, clause, option=option, words=f"Words of {clause}", by=first
        )
        for other in others:
            actions.accept(proposal, by=other)


def agreed_now(lab: Lab) -> dict[str, str]:
    """Each clause that is agreed, with its choice."""
    found = map_agreed(lab, load_lab(lab))
    return {clause: proposal.option for clause, proposal in found.items()}


def fingerprint(lab: Lab) -> str:
    return protocol.compute_fingerprint(get_words(map_agreed(lab, load_lab(lab))))


def sign_all(lab: Lab, seated: Mapping[str, User]) -> None:
    for player in seated.values():
        actions.sign(lab, sha256=fingerprint(lab), by=player)
    lab.refresh_from_db()
