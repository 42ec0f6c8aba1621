"""What a column of a file can mean: `columns.yaml` has it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from amana.reviewed_files import Text, read_reviewed

FILE = Path(__file__).with_suffix(".yaml")

LONGEST = 200
"""Characters of a heading."""
SERVICE, ORGANISATION, PLACE = "service", "organisation", "place"


@dataclass(frozen=True)
class Meaning:
    """One thing that a column can mean, such as the name of a place."""

    thing: str
    name: str
    label: Text
    kind: str
    headings: tuple[str, ...]
    codes: str = ""
    """The field of a service that its codes fill."""

    @property
    def code(self) -> str:
        return f"{self.thing}.{self.name}"

    @property
    def adds_up(self) -> bool:
        """Return whether several columns may mean it."""
        return self.kind in ("words", "codes", "id", "clock", "days", "language")


def read_meanings(file: Path = FILE) -> dict[str, Meaning]:
    """Read what columns can mean, by its code: `place.latitude`."""
    meanings = (
        Meaning(
            thing,
            name,
            said["label"],
            said["kind"],
            fold_all(said),
            said.get("codes", ""),
        )
        for thing, names in read_reviewed(file).items()
        for name, said in names.items()
    )
    return {meaning.code: meaning for meaning in meanings}


def fold_all(said: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(map(fold_heading, said["headings"]))


ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
"""Letters that are written now so, now so."""
WORDS_IN_ONE = re.compile(r"(?<=[a-z])(?=[A-Z])")
NO_LETTERS = re.compile(r"[\W_]+")


def fold_heading(text: str) -> str:
    """Fold what people write in several ways: `3. Nom du Service`, `nomDuService` and
    `nom_du_service` are one heading."""
    # What is longer is no heading, and would fill the memory of those that were folded.
    return fold_known(text) if len(text) <= LONGEST else fold_text(text)


@lru_cache(maxsize=20_000)
def fold_known(text: str) -> str:
    words = fold_text(text).split()
    # The number of a question or column says nothing of what is in it.
    while len(words) > 1 and words[0].isdigit():
        words.pop(0)
    return " ".join(words)


def fold_text(text: str) -> str:
    """Fold a text to its words in small letters, without accents and signs."""
    parted = WORDS_IN_ONE.sub(" ", text)
    plain = unicodedata.normalize("NFKD", parted.translate(ARABIC)).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(NO_LETTERS.sub(" ", letters).split())


MEANINGS: Mapping[str, Meaning] = read_meanings()


def iterate_meanings(*things: str) -> Iterator[Meaning]:
    return (meaning for meaning in MEANINGS.values() if meaning.thing in things)
