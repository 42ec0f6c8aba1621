"""An instrument: what the answers of a form may be signs of, and what follows.

The rules file (pack/schemas/screening.json) is checked against the form and read here;
`Instrument.find` reads the answers. Signs inform and a person decides: what a person
says otherwise goes back in as `judged`, and everything behind it is concluded again.
Nothing here counts a person: a finding is a word, with the signs that it stands on.

A child needs no means, and a person who may be a child counts as one (Council of Europe
Convention on Action against Trafficking in Human Beings, Article 10.3).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from amana.design.mechanism.engine.conditions import (
    Condition,
    Constant,
    Name,
    NotACondition,
    read_condition,
)
from amana.design.mechanism.engine.faults import Fault, gettext_noop
from amana.design.mechanism.engine.pathway import Text, read_text

if TYPE_CHECKING:
    from amana.design.forms.engine.form_model import Form, Question


class TraffickingElement(StrEnum):
    """The three elements of trafficking (UN Protocol 2000, Article 3)."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"


class SignStrength(StrEnum):
    """How much a sign says; the strongest first."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    PROTECTIVE = "protective"
    """Shown with the others, and counted for nothing."""


class Flag(StrEnum):
    """What may have happened, or may be needed; none excludes another."""

    TRAFFICKING = "trafficking"
    SMUGGLING = "smuggling"
    AGGRAVATED_SMUGGLING = "aggravated_smuggling"
    GBV = "gbv"
    ASYLUM = "asylum"
    LABOUR = "labour"
    CHILD = "child"
    HEALTH = "health"


class DimensionStatus(StrEnum):
    """How a dimension or an element stands."""

    FOUND = "found"
    """Enough signs."""
    SOME = "some"
    """Signs, but not enough."""
    OPEN = "open"
    """No sign, and not everything was asked and answered."""
    NONE = "none"
    """No sign, and everything was answered."""


class FlagStatus(StrEnum):
    """How a flag stands."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


class MissingReason(StrEnum):
    """Why an answer is missing."""

    NOT_ASKED = "not_asked"
    UNSURE = "unsure"
    PREFERS_NOT = "prefers_not"


STRENGTHS = list(SignStrength)
COUNTED = STRENGTHS[:3]
BY_STANDING = list(DimensionStatus)

type Enough = tuple[tuple[SignStrength, ...], ...]

ILO_EC: Enough = (
    (SignStrength.STRONG, SignStrength.STRONG),
    (SignStrength.STRONG, SignStrength.WEAK),
    (SignStrength.MEDIUM, SignStrength.MEDIUM, SignStrength.MEDIUM),
    (SignStrength.MEDIUM, SignStrength.MEDIUM, SignStrength.WEAK),
)
"""Operational indicators of trafficking in human beings, ILO and European Commission
2009, revised in September 2009: which signs make a dimension positive."""


# --- what an instrument is made of


@dataclass(frozen=True)
class Sign:
    """Something in the answers, and how much it says for whom."""

    id: str
    when: Condition
    words: Text
    source: str
    dimension: str = ""
    adult: SignStrength | None = SignStrength.STRONG
    child: SignStrength | None = SignStrength.STRONG
    flags: tuple[Flag, ...] = ()

    def strength(self, *, child: bool) -> SignStrength | None:
        """Return the sign's strength for such a person; None: it is no sign."""
        return self.child if child else self.adult

    @cached_property
    def looked_for(self) -> list[Any]:
        """The codes that an answer is compared with."""
        return [
            value
            for compared in self.when.compared()
            if compared.sign in ("==", "in") and isinstance(compared.right, Constant)
            for value in _each(compared.right.value)
        ]


@dataclass(frozen=True)
class Dimension:
    """Signs that belong together, and how many of them are enough."""

    id: str
    title: Text
    elements: tuple[TraffickingElement, ...] = ()
    enough: Enough = ILO_EC


@dataclass(frozen=True)
class FlagRule:
    """When a flag stands, when it can't be ruled out, and why, in words."""

    yes: Condition | None = None
    perhaps: Condition | None = None
    words: Text = field(default_factory=dict)


@dataclass(frozen=True)
class ResultRow:
    """One row of what the pathway is given; without a condition it always fits."""

    when: Condition | None
    then: str


@dataclass(frozen=True)
class RecommendedAction:
    """Something that should happen next."""

    words: Text
    urgency: str = ""
    need: str = ""
    screening: str = ""
    step: str = ""
    when: Condition | None = field(default=None, compare=False)


# --- what is found


@dataclass(frozen=True)
class FoundSign:
    """A sign in a person's answers."""

    sign: Sign
    strength: SignStrength


@dataclass(frozen=True)
class MissingAnswer:
    """A question whose answer could still show a sign."""

    question: str
    why: MissingReason


@dataclass(frozen=True)
class Findings:
    """What the answers say, and what should happen next. Always something."""

    child: bool
    signs: tuple[FoundSign, ...]
    dimensions: Mapping[str, DimensionStatus]
    elements: Mapping[TraffickingElement, DimensionStatus]
    """Empty for an instrument that does not ask about them."""
    flags: Mapping[Flag, FlagStatus]
    missing: tuple[MissingAnswer, ...]
    gives: Mapping[str, str]
    follows: tuple[RecommendedAction, ...]

    def needed(self, element: TraffickingElement) -> bool:
        """Check whether an element is needed: means are not, for a child."""
        return not (self.child and element is TraffickingElement.MEANS)

    @property
    def urgency(self) -> str:
        """Of the most urgent thing to do; empty when nothing has a time."""
        return min((n.urgency for n in self.follows if n.urgency), default="")


@dataclass(frozen=True)
class FindingOverride:
    """What a person says otherwise than the answers; empty, nothing."""

    rejected: frozenset[str] = frozenset()
    """Ids of signs that are none, as a person sees it."""
    elements: Mapping[TraffickingElement, DimensionStatus] = field(default_factory=dict)
    flags: Mapping[Flag, FlagStatus] = field(default_factory=dict)


NOTHING = FindingOverride()


@dataclass(frozen=True)
class Instrument:
    """A form, and what its answers may be signs of."""

    form: str
    title: Text
    signs: tuple[Sign, ...]
    otherwise: tuple[RecommendedAction, ...]
    about: Text = field(default_factory=dict)
    child: Condition | None = None
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    flags: Mapping[Flag, FlagRule] = field(default_factory=dict)
    gives: Mapping[str, tuple[ResultRow, ...]] = field(default_factory=dict)
    follows: tuple[RecommendedAction, ...] = ()

    @property
    def codes(self) -> dict[str, frozenset[str]]:
        """What the pathway can be given: each fact, and every code it may have."""
        return {
            name: frozenset(row.then for row in rows)
            for name, rows in self.gives.items()
        }

    @property
    def reads(self) -> frozenset[str]:
        """The questions in which a sign can lie."""
        return frozenset(chain.from_iterable(sign.when.names for sign in self.signs))

    def find(
        self,
        answers: Mapping[str, Any],
        *,
        child: bool = False,
        hidden: Collection[str] = (),
        judged: FindingOverride = NOTHING,
    ) -> Findings:
        """Find what the answers may be signs of, and what should happen next.

        `child`: known from elsewhere; `hidden`: questions that the form does not ask in
        this case, and so misses nothing by.
        """
        is_child = child or bool(self.child and self.child.holds(answers))
        counted = [s for s in self.signs if s.strength(child=is_child)]
        in_answers = {s.id for s in counted if _lies_in(s, answers)}
        present = in_answers - judged.rejected
        # A sign that a person rejected was answered all the same: it leaves no gap.
        gaps = {
            sign.id: list(_gaps(sign, answers, hidden))
            for sign in counted
            if sign.id not in in_answers
        }
        signs = tuple(
            FoundSign(sign, strength)
            for sign in counted
            if sign.id in present and (strength := sign.strength(child=is_child))
        )
        dimensions = {
            name: _standing(dimension, signs, counted, gaps)
            for name, dimension in self.dimensions.items()
        }
        elements = {**self._elements(dimensions), **judged.elements}
        # What a person decided replaces what the answers give, before the flags are
        # drawn from it: a decision about an element counts in all that follows.
        known = _known(answers, is_child, signs, dimensions, elements)
        flags = {**self._flags(known, signs), **judged.flags}
        known |= {str(flag): str(raised) for flag, raised in flags.items()}
        return Findings(
            child=is_child,
            signs=signs,
            dimensions=dimensions,
            elements=elements,
            flags=flags,
            missing=_each_once(chain.from_iterable(gaps.values())),
            gives={name: _first(rows, known) for name, rows in self.gives.items()},
            follows=self._follows(known),
        )

    def _elements(
        self, dimensions: Mapping[str, DimensionStatus]
    ) -> dict[TraffickingElement, DimensionStatus]:
        """Choose the best of the dimensions that count for an element; open, when none
        was asked.
        """
        spoken_for = [d for d in self.dimensions.values() if d.elements]
        if not spoken_for:
            return {}
        return {
            element: min(
                (dimensions[d.id] for d in spoken_for if element in d.elements),
                key=BY_STANDING.index,
                default=DimensionStatus.OPEN,
            )
            for element in TraffickingElement
        }

    def _flags(
        self, known: Mapping[str, Any], signs: Iterable[FoundSign]
    ) -> dict[Flag, FlagStatus]:
        by_signs = {flag for found in signs for flag in found.sign.flags}
        return {
            flag: _raised(self.flags.get(flag, FlagRule()), known, flag in by_signs)
            for flag in Flag
        }

    def _follows(self, known: Mapping[str, Any]) -> tuple[RecommendedAction, ...]:
        fit = [n for n in self.follows if n.when is None or n.when.holds(known)]
        return tuple(sorted(fit or self.otherwise, key=lambda n: n.urgency or "U9"))


def _lies_in(sign: Sign, answers: Mapping[str, Any]) -> bool:
    """Check whether a sign is in the answers.

    None is in what no one has answered, however the condition is written, unless it
    looks for exactly that: a doubt whether a person is of age is a sign.
    """
    answered = any(
        find_missing_reason(answer) is None or answer in sign.looked_for
        for answer in map(answers.get, sign.when.names)
    )
    return answered and sign.when.holds(answers)


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _gaps(
    sign: Sign, answers: Mapping[str, Any], hidden: Collection[str]
) -> Iterable[MissingAnswer]:
    for name in sorted(sign.when.names):
        why = find_missing_reason(answers.get(name))
        if why and name not in hidden:
            yield MissingAnswer(name, why)


def find_missing_reason(answer: Any) -> MissingReason | None:
    """Find why there is no answer; None when there is one."""
    if answer is None or answer in ("", [], ()):
        return MissingReason.NOT_ASKED
    codes = [answer] if isinstance(answer, str) else answer
    if isinstance(codes, list) and all(code in list(MissingReason) for code in codes):
        return MissingReason(codes[0])
    return None


def _standing(
    dimension: Dimension,
    signs: Iterable[FoundSign],
    counted: Iterable[Sign],
    gaps: Mapping[str, Sequence[MissingAnswer]],
) -> DimensionStatus:
    found = [f.strength for f in signs if f.sign.dimension == dimension.id]
    if is_enough(found, dimension.enough):
        return DimensionStatus.FOUND
    if any(strength in COUNTED for strength in found):
        return DimensionStatus.SOME
    asked = [s for s in counted if s.dimension == dimension.id]
    # One open question is enough to leave it open: "no sign" may be read only after
    # every question was answered.
    unanswered = any(gaps.get(sign.id) for sign in asked)
    return DimensionStatus.OPEN if unanswered or not asked else DimensionStatus.NONE


def is_enough(found: Iterable[SignStrength], enough: Enough) -> bool:
    """Check whether these fill the places of one line; a stronger one fills a
    weaker's."""
    best = sorted(COUNTED.index(s) for s in found if s in COUNTED)
    return any(
        len(best) >= len(line)
        and all(
            have <= need
            for have, need in zip(
                best, sorted(COUNTED.index(s) for s in line), strict=False
            )
        )
        for line in enough
    )


def _known(
    answers: Mapping[str, Any],
    child: bool,
    signs: Iterable[FoundSign],
    dimensions: Mapping[str, DimensionStatus],
    elements: Mapping[TraffickingElement, DimensionStatus],
) -> dict[str, Any]:
    """Collect all that a condition behind the signs sees, as plain words."""
    return {
        **answers,
        **{name: str(standing) for name, standing in dimensions.items()},
        **{str(element): str(standing) for element, standing in elements.items()},
        "child": "yes" if child else "no",
        "signs": [found.sign.id for found in signs],
    }


def _raised(rule: FlagRule, known: Mapping[str, Any], by_sign: bool) -> FlagStatus:
    if by_sign or (rule.yes and rule.yes.holds(known)):
        return FlagStatus.YES
    return (
        FlagStatus.PERHAPS
        if rule.perhaps and rule.perhaps.holds(known)
        else FlagStatus.NO
    )


def _first(rows: Iterable[ResultRow], known: Mapping[str, Any]) -> str:
    return next(row.then for row in rows if row.when is None or row.when.holds(known))


def _each_once(gaps: Iterable[MissingAnswer]) -> tuple[MissingAnswer, ...]:
    return tuple(dict.fromkeys(gaps))


# --- the answers of a form, as conditions compare them


def convert_answers(form: "Form", answers: Mapping[str, Any]) -> dict[str, Any]:
    """Convert answers: numbers as numbers, several choices as lists; of what was asked
    for each child or need, the answers of all.
    """
    return {
        name: _value(form, question, answers)
        for name, question in form.questions.items()
    }


def _value(form: "Form", question: "Question", answers: Mapping[str, Any]) -> Any:
    if not form.repeats_above.get(question.name):
        return _typed(question, answers.get(question.name))
    each = [
        _typed(question, answer)
        for name, answer in answers.items()
        if name.partition(".")[0] == question.name and answer not in (None, "")
    ]
    return list(
        chain.from_iterable(
            value if isinstance(value, list) else [value] for value in each
        )
    )


def _typed(question: "Question", answer: Any) -> Any:
    if answer is None or answer == "":
        return None
    if question.kind == "select_multiple":
        return answer.split() if isinstance(answer, str) else list(answer)
    if question.kind in NUMBERS:
        return _number(answer)
    if question.kind == "calculate":  # says in no other way what it is
        number = _number(answer)
        return str(answer) if number is None else number
    return answer if isinstance(answer, str) else str(answer)


NUMBERS = frozenset({"integer", "decimal", "range"})


def _number(answer: Any) -> float | None:
    try:
        return float(answer)
    except (TypeError, ValueError):
        return None


# --- reading the file

UNKNOWN_DIMENSION = gettext_noop("There is no dimension “%(name)s” in this instrument.")
TWICE = gettext_noop("There are two signs called “%(name)s”.")
UNKNOWN_NAME = gettext_noop(
    "“%(name)s” is neither a question of the form nor known here."
)
NOT_AN_OPTION = gettext_noop(
    "“%(name)s” can never be “%(value)s”: it is not among its answers."
)
NOT_A_STANDING = gettext_noop(
    "“%(name)s” can never be “%(value)s”, only one of: %(known)s."
)
ONE_OF_SEVERAL = gettext_noop(
    'Several answers can be given to “%(name)s”: write "%(value)s" in %(name)s.'
)
SAME_NAME = gettext_noop(
    "“%(name)s” is also a question of the form. Give the dimension another name."
)
NOT_YOURS = gettext_noop(
    "“%(name)s” has a meaning of its own here. Give the dimension another name."
)
NO_SIGNS = gettext_noop("No sign belongs to the dimension “%(name)s”.")
NEVER_ENOUGH = gettext_noop(
    "The dimension “%(name)s” can never be found: its signs are not enough for any "
    "line."
)
ELSE_LAST = gettext_noop("The last row, and only the last row, must have else: true.")
NEVER_RAISED = gettext_noop("Nothing ever raises the flag “%(name)s”.")
NEVER_ANSWERED = gettext_noop(
    "“%(name)s” is only a note in the form, so no one answers it."
)
TWO_MEANINGS = gettext_noop(
    "“%(name)s” is a question of the form and has a meaning of its own here. "
    "Give the question another name."
)
UNKNOWN_SIGN = gettext_noop("There is no sign “%(name)s” in this instrument.")

OWN_NAMES = frozenset({"child", "signs", *TraffickingElement, *Flag})

type Place = tuple[str | int, ...]


class SourcePlaces(Protocol):
    """Where the file's words stand; `pack.yamls.Source` knows."""

    def fault(self, place: Place, sentence: str, /, **values: object) -> Fault: ...


class NoSource:
    """Words that came from no file."""

    def fault(self, place: Place, sentence: str, /, **values: object) -> Fault:
        return Fault("", 0, sentence, values)


def read_instrument(
    plain: Mapping[str, Any], form: "Form", *, source: SourcePlaces | None = None
) -> tuple[Instrument | None, list[Fault]]:
    """Read the instrument, None if it has faults; and its faults.

    `plain` has already passed the schema; here it is compared with the form, and with
    itself.
    """
    reader = InstrumentReader(plain, form, source or NoSource())
    instrument = reader.read()
    return (None if reader.faults else instrument), reader.faults


class InstrumentReader:
    def __init__(
        self, plain: Mapping[str, Any], form: "Form", source: SourcePlaces
    ) -> None:
        self.plain, self.form, self.source = plain, form, source
        self.faults: list[Fault] = []
        self.signs = {str(sign["id"]) for sign in plain["signs"]}
        self.standings = {
            **plain.get("dimensions", {}),
            **dict.fromkeys(TraffickingElement),
        }

    def fault(self, place: Place, sentence: str, **values: object) -> None:
        self.faults.append(self.source.fault(place, sentence, **values))

    def read(self) -> Instrument:
        plain = self.plain
        dimensions = {n: self.dimension(n) for n in plain.get("dimensions", {})}
        signs = tuple(self.sign(at, sign) for at, sign in enumerate(plain["signs"]))
        instrument = Instrument(
            form=plain["form"],
            title=read_text(plain["title"]),
            about=read_text(plain.get("about")),
            child=self.condition(plain.get("child"), ("child",)),
            dimensions=dimensions,
            signs=signs,
            flags={Flag(f): self.flag(f) for f in plain.get("flags", {})},
            gives={n: tuple(self.rows(n)) for n in plain.get("gives", {})},
            follows=tuple(self.nexts("follows")),
            otherwise=tuple(self.nexts("otherwise")),
        )
        # First causes only: a sign that could not be read would make its dimension look
        # as if it could never be found.
        if not self.faults:
            self.compare(instrument)
        return instrument

    def dimension(self, name: str) -> Dimension:
        said = self.plain["dimensions"][name]
        if name in self.form.questions:
            self.fault(("dimensions", name), SAME_NAME, name=name)
        if name in OWN_NAMES:
            self.fault(("dimensions", name), NOT_YOURS, name=name)
        elements = said.get("element", [])
        several = [elements] if isinstance(elements, str) else elements
        enough = said.get("enough") or self.plain.get("enough")
        lines = tuple(tuple(map(SignStrength, line)) for line in enough or ())
        return Dimension(
            name,
            read_text(said["title"]),
            tuple(map(TraffickingElement, several)),
            lines or ILO_EC,
        )

    def sign(self, at: int, said: Mapping[str, Any]) -> Sign:
        place: Place = ("signs", at)
        if any(other["id"] == said["id"] for other in self.plain["signs"][:at]):
            self.fault((*place, "id"), TWICE, name=said["id"])
        dimension = said.get("dimension", "")
        if dimension and dimension not in self.plain.get("dimensions", {}):
            self.fault((*place, "dimension"), UNKNOWN_DIMENSION, name=dimension)
        strength = said.get("strength", SignStrength.STRONG)
        by_age = (
            strength
            if isinstance(strength, Mapping)
            else {"adult": strength, "child": strength}
        )
        return Sign(
            id=said["id"],
            when=self.condition(said["when"], (*place, "when")) or NEVER,
            words=read_text(said["words"]),
            source=said["source"],
            dimension=dimension,
            adult=SignStrength(by_age["adult"]) if "adult" in by_age else None,
            child=SignStrength(by_age["child"]) if "child" in by_age else None,
            flags=tuple(map(Flag, said.get("flags", ()))),
        )

    def flag(self, name: str) -> FlagRule:
        said, place = self.plain["flags"][name], ("flags", name)
        if isinstance(said, str):
            return FlagRule(self.condition(said, place, "result"))
        return FlagRule(
            self.condition(said.get("if"), (*place, "if"), "result"),
            self.condition(said.get("perhaps"), (*place, "perhaps"), "result"),
            read_text(said.get("words")),
        )

    def rows(self, name: str) -> Iterator[ResultRow]:
        rows = self.plain["gives"][name]
        for at, row in enumerate(rows):
            place: Place = ("gives", name, at)
            if ("else" in row) != (at == len(rows) - 1):
                self.fault(place, ELSE_LAST)
            when = self.condition(row.get("if"), (*place, "if"), "flags")
            yield ResultRow(when, row["then"])

    def nexts(self, name: str) -> Iterator[RecommendedAction]:
        for at, said in enumerate(self.plain.get(name, ())):
            yield RecommendedAction(
                words=read_text(said["words"]),
                urgency=said.get("urgency", ""),
                need=said.get("need", ""),
                screening=said.get("screening", ""),
                step=said.get("step", ""),
                when=self.condition(said.get("if"), (name, at, "if"), "flags"),
            )

    # --- conditions

    def condition(
        self, words: object, place: Place, seen: str = "answers"
    ) -> Condition | None:
        """Read a condition. `seen`: whether it sees answers only, the result too, and
        the flags too.
        """
        if words is None:
            return None
        try:
            condition = read_condition(words)
        except NotACondition as no:
            self.fault(place, no.sentence, **no.values)
            return None
        for name in sorted(condition.names):
            if not self.knows(name, seen):
                self.fault(place, UNKNOWN_NAME, name=name)
            elif name not in self.form.questions:
                continue
            elif seen != "answers" and name in OWN_NAMES:
                self.fault(place, TWO_MEANINGS, name=name)
            elif self.form.questions[name].kind == "note":
                self.fault(place, NEVER_ANSWERED, name=name)
        for compared in condition.compared():
            match compared.left, compared.sign, compared.right:
                case Name(name), sign, Constant(value):
                    self.values(name, sign, value, place, seen)
                case Constant(value), sign, Name(name):
                    self.values(name, "" if sign == "in" else sign, value, place, seen)
        return condition

    def knows(self, name: str, seen: str) -> bool:
        if name in self.form.questions:
            return True
        if seen == "answers":
            return False
        if name in self.standings or name in ("child", "signs"):
            return True
        return seen == "flags" and name in list(Flag)

    def values(self, name: str, sign: str, value: Any, place: Place, seen: str) -> None:
        """Check whether what a name is compared with can ever be; `sign` is empty for a
        value that is searched for among several.
        """
        values = _each(value)
        if name in self.form.questions:
            self.answers(self.form.questions[name], sign, values, place)
        elif seen != "answers" and name == "signs":
            for code in values:
                if code not in self.signs:
                    self.fault(place, UNKNOWN_SIGN, name=code)
        elif seen != "answers" and (known := self.known_values(name)):
            for code in values:
                if code not in known:
                    said = ", ".join(known)
                    self.fault(place, NOT_A_STANDING, name=name, value=code, known=said)

    def known_values(self, name: str) -> list[str]:
        if name in self.standings:
            return [str(standing) for standing in DimensionStatus]
        if name == "child":
            return ["yes", "no"]
        return [str(raised) for raised in FlagStatus] if name in list(Flag) else []

    def answers(
        self, question: "Question", sign: str, values: Sequence[Any], place: Place
    ) -> None:
        several = question.kind == "select_multiple" or bool(
            self.form.repeats_above.get(question.name)
        )
        for value in values:
            if question.choices and value not in question.choice:
                self.fault(place, NOT_AN_OPTION, name=question.name, value=value)
            elif several and sign:
                self.fault(place, ONE_OF_SEVERAL, name=question.name, value=value)

    # --- the instrument with itself

    def compare(self, instrument: Instrument) -> None:
        for dimension in instrument.dimensions.values():
            place: Place = ("dimensions", dimension.id)
            mine = [s for s in instrument.signs if s.dimension == dimension.id]
            if not mine:
                self.fault(place, NO_SIGNS, name=dimension.id)
            elif not any(
                is_enough(
                    filter(None, (s.strength(child=c) for s in mine)), dimension.enough
                )
                for c in (False, True)
            ):
                self.fault(place, NEVER_ENOUGH, name=dimension.id)
        raised = {flag for sign in instrument.signs for flag in sign.flags}
        raised |= instrument.flags.keys()
        for name, at, when in self.looking_at_flags(instrument):
            for flag in Flag:
                asked = when is not None and flag in when.names
                if asked and flag not in raised and flag not in self.form.questions:
                    self.fault((*name, at), NEVER_RAISED, name=str(flag))

    def looking_at_flags(
        self, instrument: Instrument
    ) -> Iterator[tuple[Place, int, Condition | None]]:
        for at, following in enumerate(instrument.follows):
            yield ("follows",), at, following.when
        for name, rows in instrument.gives.items():
            for at, row in enumerate(rows):
                yield ("gives", name), at, row.when


NEVER = read_condition("nothing")
"""In place of a condition that has a fault."""
