"""What else a person needs to hold a role, or to act in one: rooms above define it.

    gates.HOLDING.append(lacks_certificate)      # (user, team, role) -> a sentence
    gates.ACTING.append(may_not_act)             # (user, team, part) -> a sentence
    gates.ASKED.append(staff)                    # () -> of whom more is asked
    gates.CLOSING.append(keys_depend_on_it)      # (user) -> a sentence
    gates.SIGNING.append(sign_sphere)    # (organisation, sphere, by) -> a sentence

An empty sentence admits them. `part` is a role of the mechanism, as its file calls it.
Those who are turned away read why, and whom to ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.access.models import Organisation, Role, Team, User

HOLDING: Registry[Callable[[User, Team, Role], str]] = Registry()
ACTING: Registry[Callable[[User, Team, str], str]] = Registry()
CLOSING: Registry[Callable[[User], str]] = Registry()
SIGNING: Registry[Callable[[Organisation, str, User], str]] = Registry()
"""What is signed for an organisation; the sentence says who has to sign besides."""


@dataclass(frozen=True)
class RoleCandidate:
    """A person whose roles ask for more than a place in a team; not who it is."""

    sphere: str
    has_all: bool
    """Of what is asked of them now."""


ASKED: Registry[Callable[[], Iterable[RoleCandidate]]] = Registry()


def require_to_hold(user: User, team: Team, role: Role) -> None:
    """Require what else is needed, before someone gets a role in a team. Raises
    `Refused`."""
    refuse_with_first_reason(gate(user, team, role) for gate in HOLDING)


def require_to_act(user: User, team: Team, part: str) -> None:
    """Require what else is needed, before someone does what their team does in the
    mechanism. Raises `Refused`."""
    refuse_with_first_reason(gate(user, team, part) for gate in ACTING)


def require_to_close(user: User) -> None:
    """Require that nothing depends on an account, before it is closed because its last
    proposal is withdrawn. Raises `Refused`."""
    refuse_with_first_reason(gate(user) for gate in CLOSING)


def sign_for_sphere(organisation: Organisation, sphere: str, *, by: User) -> str:
    """Sign that an organisation is of this sphere; return who has to sign as well, or
    nothing."""
    return " ".join(filter(None, [sign(organisation, sphere, by) for sign in SIGNING]))


def needs_open_account(user: User) -> bool:
    return any(gate(user) for gate in CLOSING)


def refuse_with_first_reason(said: Iterable[str]) -> None:
    for sentence in said:
        if sentence:
            raise Refused(sentence)
