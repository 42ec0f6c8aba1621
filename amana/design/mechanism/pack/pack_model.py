"""The content of a pack that has been read without a fault.

Texts are words by language; `pathway.choose_words(text, language, pack.language)` finds
the right ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from amana.design.mechanism.outline import Outline, build_outline
from amana.design.pathway.decisions import DecisionTable
from amana.design.pathway.pathway_model import Pathway, Text
from amana.working_time import Calendar, TimeSpan

if TYPE_CHECKING:
    from amana.design.forms.engine.form_model import Form
    from amana.design.instruments import Instrument


@dataclass(frozen=True)
class Organisation:
    """An agency that takes part, by the code that the pack gives it."""

    id: str
    name: str
    sphere: str
    kind: str


@dataclass(frozen=True)
class Role:
    """The work of one role in the mechanism, and which agencies may play it."""

    id: str
    title: Text
    who: tuple[str, ...]
    does: Text
    calls: Text
    access_role: str
    sphere: str
    may_refer: bool
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Duty:
    """A line of the table of responsibilities: a piece of work, and who has which part
    in it."""

    id: str
    title: Text
    does: tuple[str, ...]
    answers_for: str
    is_asked: tuple[str, ...]
    is_told: tuple[str, ...]


@dataclass(frozen=True)
class Provision:
    """An obligation of the mechanism by a law or agreement, and the steps that honour
    it."""

    id: str
    instrument: Text
    provision: Text
    obliges: Text
    source: str
    ratified_on: date | None
    honoured_by: tuple[str, ...]
    checked: bool
    note: Text
    """What the reader also has to know: that it is invented, or not in force."""
    vital_interests: bool = False
    """Whether it permits to share the least without consent where a life is in danger
    and the person can't be asked."""
    kept_at_most: Mapping[str, str] = field(default_factory=dict)
    """For each kind of record, how long it may be kept: P5Y, P30D."""
    requests_answered_within: str = ""


@dataclass(frozen=True)
class Chapter:
    """A section of the standard operating procedures, in one language."""

    number: int
    name: str
    title: str
    words: str
    """Markdown, with placeholders, without its title."""


@dataclass(frozen=True)
class Indicator:
    """What the mechanism measures of itself."""

    code: str
    title: Text
    counts: Text
    of: Text
    target: Text
    by: tuple[str, ...]
    source: str
    checked: bool
    steps: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    """What a case's own team is asked for it (`mechanism.asked`)."""


@dataclass(frozen=True)
class Term:
    """A word that everyone in the mechanism uses in the same sense."""

    id: str
    term: Text
    means: Text
    source: str = ""


@dataclass(frozen=True)
class CaseConditions:
    """Which cases a mechanism is for; empty admits all."""

    age_groups: frozenset[str] = frozenset()
    asks_for: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        """Count the conditions: of two mechanisms, the one with more is the more
        particular."""
        return bool(self.age_groups) + bool(self.asks_for)

    def admit(self, *, age_group: str, asks_for: Collection[str]) -> bool:
        """Check whether they admit a case of which this is known."""
        return (not self.age_groups or age_group in self.age_groups) and (
            not self.asks_for or not self.asks_for.isdisjoint(asks_for)
        )


@dataclass(frozen=True)
class Pack:
    """A mechanism, whole."""

    id: str
    """What names it for good, whatever its titles become."""
    title: Text
    notice: Text
    jurisdiction: Text
    cases: CaseConditions
    languages: tuple[str, ...]
    review_on: date | None
    keys_taken_after: TimeSpan | None
    """From the second person's confirmation until a colleague's keys are removed."""
    calendar: Calendar
    organisations: Mapping[str, Organisation]
    roles: Mapping[str, Role]
    partners: Mapping[str, Text]
    duties: Mapping[str, Duty]
    clocks: Mapping[str, Mapping[str, TimeSpan]]
    """By urgency, by the name of the clock."""
    sharing: Mapping[str, frozenset[str]]
    """By sphere: the compartments that may flow to it, if the person agrees."""
    pathway: Pathway
    decisions: Mapping[str, DecisionTable]
    forms: Mapping[str, "Form"]
    """By the name of the file, without .xlsx."""
    instruments: Mapping[str, "Instrument"]
    """For screening, by the name of the file, without .yaml."""
    law: Mapping[str, Provision]
    consent: Mapping[str, str]
    """By language: Markdown to be read aloud, with placeholders."""
    sop: Mapping[str, tuple[Chapter, ...]]
    """By language."""
    indicators: Mapping[str, Indicator]
    glossary: Mapping[str, Term]
    capacity: Mapping[str, Any]
    """As `simulate` takes it; empty if the pack has none."""
    services: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(repr=False)
    plain: Mapping[str, Any] = field(repr=False)
    """Each YAML file as it was read, by its path."""

    @property
    def language(self) -> str:
        """The pack's own: every text is there in it."""
        return self.languages[0]

    @cached_property
    def outline(self) -> Outline:
        return build_outline(self.plain, self.files)
