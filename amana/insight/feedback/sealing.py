"""What people write, sealed to a team without any secret, and opened by its members.

The person who writes has no account and no key: only the team's public half is needed.
When a member leaves the team, its words are sealed again like all else
(`vault.leaving`)."""

from collections.abc import Callable
from functools import partial

from django.db.models import QuerySet

from amana.insight.feedback.models import ComplaintMessage, Voice, WaitingVoice
from amana.trust.access.models import Team, User
from amana.trust.vault import crypto
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.epochs import ResealableKind
from amana.trust.vault.keys import get_current_key, get_keyring, seal_held
from amana.trust.vault.models import HeldKey, TeamKey

PAD_TO = 1024
"""So that its size reveals little of what a person wrote."""

type Words = WaitingVoice | Voice


def get_place(thing: Words | ComplaintMessage) -> tuple[object, ...]:
    """Return the place under which something is sealed. Words keep theirs when they can
    be read: they move as they are."""
    kind = "letter" if isinstance(thing, ComplaintMessage) else "words"
    return ("feedback", kind, thing.pk)


def _padded(text: str) -> bytes:
    return crypto.fill_with_spaces(text.encode(), PAD_TO)


def _text(padded: bytes) -> str:
    return padded.decode().rstrip(" ")


# --- words


def seal_words(words: Words, text: str, *, to: Team | int) -> None:
    """Seal a person's words to a team; they aren't saved."""
    secret = crypto.generate_key()
    # Only the public half: who writes has no account, and no key of the team.
    words.team_key = get_current_key(to)
    seal_held(words, secret, *get_place(words))
    words.body = crypto.seal(secret, _padded(text), at=bind_place(*get_place(words)))


def open_words(words: Words, *, by: User) -> str:
    secret = get_keyring(by).open([words], *get_place(words))
    return _text(
        crypto.unseal(secret, bytes(words.body), at=bind_place(*get_place(words)))
    )


# --- letters about a complaint


def seal_letter(letter: ComplaintMessage, text: str, *, to: Team | int) -> None:
    """Seal a letter to the body; an answer also to the complaint's own key, but for
    copies: the person reads the first one."""
    secret = crypto.generate_key()
    letter.team_key = get_current_key(to)
    seal_held(letter, secret, *get_place(letter))
    letter.content = crypto.seal(
        secret, _padded(text), at=bind_place(*get_place(letter))
    )
    # Never what the person wrote: a slip that another person finds must not reveal it
    # (ADR 26).
    if letter.answers and letter.turn != ComplaintMessage.Turn.COPY:
        public = bytes(letter.complaint.public)
        letter.for_person = crypto.seal_to(public, secret, at=_for_person(letter))


def open_letter(letter: ComplaintMessage, *, by: User) -> str:
    secret = get_keyring(by).open([letter], *get_place(letter))
    return _in_clear(letter, secret)


def open_answer(letter: ComplaintMessage, pair: crypto.KeyPair) -> str:
    """Open an answer with the complaint's own key, which the person's code opened."""
    secret = pair.open(bytes(letter.for_person), at=_for_person(letter))
    return _in_clear(letter, secret)


def _in_clear(letter: ComplaintMessage, secret: bytes) -> str:
    sealed = bytes(letter.content)
    return _text(crypto.unseal(secret, sealed, at=bind_place(*get_place(letter))))


def _for_person(letter: ComplaintMessage) -> bytes:
    return bind_place("feedback", "answer", letter.pk)


# --- the key of a complaint


def make_pair(complaint: object, code: str) -> tuple[bytes, bytes]:
    """Make the complaint's pair of keys: the public half, and the private one under the
    person's code."""
    pair = crypto.KeyPair.new()
    sealed = crypto.seal(_key_in(code), pair.dump(), at=_of(complaint))
    return pair.public, sealed


def open_pair(complaint: object, private: bytes, code: str) -> crypto.KeyPair:
    plain = crypto.unseal(_key_in(code), private, at=_of(complaint))
    return crypto.KeyPair.load(plain)


def _of(complaint: object) -> bytes:
    return bind_place("feedback", "complaint", complaint)


def _key_in(code: str) -> bytes:
    """Derive a key from the code, which has 80 random bits, so nothing need make
    guessing slow."""
    return crypto.derive(code.encode().ljust(32, b"\0"), "key of a complaint")


# --- when a member has left the team


def find_held(model: type[HeldKey], keys: QuerySet[TeamKey]) -> QuerySet[HeldKey]:
    return model._default_manager.filter(team_key__in=keys).order_by("pk")


def move_words(some: QuerySet[WaitingVoice] | QuerySet[Voice], by: User) -> int:
    found: list[Words] = [*some.select_related("team_key")]
    for words in found:
        assert words.team_key is not None
        seal_words(words, open_words(words, by=by), to=words.team_key.team_id)
        words.save(update_fields=["team_key", "sealed", "body"])
    return len(found)


def move_letters(some: QuerySet[ComplaintMessage], by: User) -> int:
    found = list(some.select_related("team_key", "complaint"))
    for letter in found:
        assert letter.team_key is not None
        text = open_letter(letter, by=by)
        seal_letter(letter, text, to=letter.team_key.team_id)
        letter.save(update_fields=["team_key", "sealed", "content", "for_person"])
    return len(found)


MOVES: tuple[tuple[type[HeldKey], Callable[..., int]], ...] = (
    (WaitingVoice, move_words),
    (Voice, move_words),
    (ComplaintMessage, move_letters),
)
SEALED = tuple(ResealableKind(partial(find_held, model), move) for model, move in MOVES)
