"""What people write, sealed to a team without any secret, and opened by its members.

Whoever writes has no account and no key: only the team's public half is needed. When
somebody leaves the team, its words are sealed anew like all else (`vault.leaving`)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet

from amana.insight.feedback.models import Letter, Voice, Waiting
from amana.trust.access.models import Team, User
from amana.trust.vault import crypto
from amana.trust.vault.crypto import bound
from amana.trust.vault.keys import current_key, keyring_of, seal_held
from amana.trust.vault.leaving import Sealed
from amana.trust.vault.models import Held, TeamKey

PAD_TO = 1024
"""So that its size says little of what somebody wrote."""

type Words = Waiting | Voice


def place(thing: Words | Letter) -> tuple[object, ...]:
    """Return the place under which something is sealed. Words keep theirs when they can
    be read: they move as they are."""
    kind = "letter" if isinstance(thing, Letter) else "words"
    return ("feedback", kind, thing.pk)


def _padded(text: str) -> bytes:
    return crypto.padded(text.encode(), PAD_TO)


def _text(padded: bytes) -> str:
    return padded.decode().rstrip(" ")


# --- words


def seal(words: Words, text: str, *, to: Team | int) -> None:
    """Seal a person's words to a team; they aren't saved."""
    secret = crypto.new_key()
    # Only the public half: who writes has no account, and no key of the team.
    words.team_key = current_key(to)
    seal_held(words, secret, *place(words))
    words.body = crypto.seal(secret, _padded(text), at=bound(*place(words)))


def opened(words: Words, *, by: User) -> str:
    secret = keyring_of(by).open([words], *place(words))
    return _text(crypto.unseal(secret, bytes(words.body), at=bound(*place(words))))


# --- letters about a complaint


def seal_letter(letter: Letter, text: str, *, to: Team | int) -> None:
    """Seal a letter to the body; an answer also to the complaint's own key, but for
    copies: the person reads the first one."""
    secret = crypto.new_key()
    letter.team_key = current_key(to)
    seal_held(letter, secret, *place(letter))
    letter.content = crypto.seal(secret, _padded(text), at=bound(*place(letter)))
    # Never what the person wrote: a slip that another person finds must not reveal it
    # (ADR 26).
    if letter.answers and letter.turn != Letter.Turn.COPY:
        public = bytes(letter.complaint.public)
        letter.for_person = crypto.seal_to(public, secret, at=_for_person(letter))


def opened_letter(letter: Letter, *, by: User) -> str:
    secret = keyring_of(by).open([letter], *place(letter))
    return _in_clear(letter, secret)


def opened_answer(letter: Letter, pair: crypto.KeyPair) -> str:
    """Open an answer with the complaint's own key, which the person's code opened."""
    secret = pair.open(bytes(letter.for_person), at=_for_person(letter))
    return _in_clear(letter, secret)


def _in_clear(letter: Letter, secret: bytes) -> str:
    sealed = bytes(letter.content)
    return _text(crypto.unseal(secret, sealed, at=bound(*place(letter))))


def _for_person(letter: Letter) -> bytes:
    return bound("feedback", "answer", letter.pk)


# --- the key of a complaint


def make_pair(complaint: object, code: str) -> tuple[bytes, bytes]:
    """Make the complaint's pair of keys: the public half, and the private one under the
    person's code."""
    pair = crypto.KeyPair.new()
    sealed = crypto.seal(_key_in(code), pair.dump(), at=_of(complaint))
    return pair.public, sealed


def pair_of(complaint: object, private: bytes, code: str) -> crypto.KeyPair:
    plain = crypto.unseal(_key_in(code), private, at=_of(complaint))
    return crypto.KeyPair.load(plain)


def _of(complaint: object) -> bytes:
    return bound("feedback", "complaint", complaint)


def _key_in(code: str) -> bytes:
    """Derive a key from the code, which has 80 random bits, so nothing need make
    guessing slow."""
    return crypto.derive(code.encode().ljust(32, b"\0"), "key of a complaint")


# --- when somebody has left the team


def held(model: type[Held], keys: QuerySet[TeamKey]) -> QuerySet[Any]:
    return model._default_manager.filter(team_key__in=keys).order_by("pk")


def move_words(some: QuerySet[Waiting] | QuerySet[Voice], by: User) -> int:
    found: list[Words] = [*some.select_related("team_key")]
    for words in found:
        assert words.team_key is not None
        seal(words, opened(words, by=by), to=words.team_key.team_id)
        words.save(update_fields=["team_key", "sealed", "body"])
    return len(found)


def move_letters(some: QuerySet[Letter], by: User) -> int:
    found = list(some.select_related("team_key", "complaint"))
    for letter in found:
        assert letter.team_key is not None
        text = opened_letter(letter, by=by)
        seal_letter(letter, text, to=letter.team_key.team_id)
        letter.save(update_fields=["team_key", "sealed", "content", "for_person"])
    return len(found)


MOVES: tuple[tuple[type[Held], Callable[..., int]], ...] = (
    (Waiting, move_words),
    (Voice, move_words),
    (Letter, move_letters),
)
SEALED = tuple(Sealed(partial(held, model), move) for model, move in MOVES)
