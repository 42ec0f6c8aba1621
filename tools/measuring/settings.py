"""Read `tools/measures.toml`: limits, baseline, exceptions and words."""

import tomllib
from pathlib import Path
from typing import NotRequired, TypedDict, cast


class Limit(TypedDict, total=False):
    baseline: float
    """What was measured when the issue began, or since: nothing may be worse."""
    at_most: float
    at_least: float
    share: float
    """Of the baseline, which then stays that of the day when the issue began."""


class Exemption(TypedDict):
    measure: str
    path: str
    """As a shell writes patterns."""
    text: str
    """A part of what is found there."""
    reason: str


class VerbLists(TypedDict):
    """Words with spaces between them."""

    always: str
    """Hardly ever used as a noun."""
    before_an_object: str
    """Nouns as well: verbs only if an object follows, as in `order_rows`."""
    no_object: str
    """What begins no object: `order_of_rows` begins with a noun."""
    questions: str
    """What begins the name of a function that answers yes or no."""


class Functions(TypedDict):
    """Which functions need no verb, by what makes a framework name them."""

    names: dict[str, str]
    decorators: dict[str, str]
    first_arguments: dict[str, str]


class Settings(TypedDict):
    measures: dict[str, Limit]
    exceptions: NotRequired[list[Exemption]]
    avoided: dict[str, str]
    irregular: dict[str, str]
    verbs: VerbLists
    functions: Functions
    modules: dict[str, dict[str, str]]


def read_settings(path: Path) -> Settings:
    return cast(Settings, tomllib.loads(path.read_text()))


class Verbs:
    """Distinguish verbs from nouns, as far as lists of words can."""

    def __init__(self, lists: VerbLists) -> None:
        self.always = set(lists["always"].split())
        self.before_an_object = set(lists["before_an_object"].split())
        self.no_object = {"", *lists["no_object"].split()}
        self.questions = set(lists["questions"].split())

    def begin_name(self, first: str, following: str) -> bool:
        """Decide whether a function's name begins with a verb, by its first words."""
        return first in self.questions or self.begin_sentence(first, following)

    def begin_sentence(self, first: str, following: str) -> bool:
        """Decide whether a sentence begins with a verb in the imperative."""
        if first in self.before_an_object:
            return following not in self.no_object
        # "Answer of …" and `record_of` are nouns, whatever the first word may be.
        return first in self.always and following != "of"
