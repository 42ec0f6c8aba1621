"""Found an installation by its real actions, and forget what a process has checked."""

from amana.trust.access import founding
from amana.trust.access.models import User
from amana.trust.vault import admission, roster, statements
from amana.trust.vault.crypto import KeyPair

NEW = "five grey herons at noon"
THIEF = KeyPair.new()


def a_new_process() -> None:
    """What was checked is forgotten, as after a restart."""
    roster.seen.rosters = {b"": statements.Roster()}
    roster.seen.forget()


def found_house() -> tuple[User, User]:
    codes = founding.create_first_organisation(
        organisation="Ministry",
        sphere="humanitarian",
        administrators=[("ada@example.org", "Ada"), ("bea@example.org", "Bea")],
    )
    ada, bea = [
        admission.join(admission.find_invitation(code), passphrase=NEW)
        for code in codes.values()
    ]
    return ada, bea
