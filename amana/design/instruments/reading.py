"""Read an instrument's file, with every fault in it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amana.design.instruments.findings import (
    ILO_EC,
    Dimension,
    DimensionStatus,
    Flag,
    FlagRule,
    FlagStatus,
    RecommendedAction,
    ResultRow,
    Sign,
    SignStrength,
    TraffickingElement,
    convert_to_tuple,
    is_enough,
)
from amana.design.instruments.instrument import Instrument
from amana.design.pathway.conditions.condition import (
    Condition,
    Constant,
    Name,
    NotACondition,
)
from amana.design.pathway.conditions.condition_parser import read_condition
from amana.design.pathway.pathway_model import read_text
from amana.design.pathway.plain import Plain
from amana.faults import (
    Fault,
    FaultSource,
    PlainSource,
    Where,
    check_known,
    check_unique,
    gettext_noop,
)

if TYPE_CHECKING:
    from amana.design.forms.engine.form_model import Form, Question


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


def read_instrument(
    plain: Plain, form: "Form", *, source: FaultSource[Where] | None = None
) -> tuple[Instrument | None, list[Fault]]:
    """Read the instrument, None if it has faults; and its faults.

    `plain` has already passed the schema; here it is compared with the form, and with
    itself.
    """
    reader = InstrumentReader(plain, form, source or PlainSource())
    instrument = reader.read()
    return (None if reader.faults else instrument), reader.faults


class InstrumentReader:
    def __init__(self, plain: Plain, form: "Form", source: FaultSource[Where]) -> None:
        self.plain, self.form, self.source = plain, form, source
        self.faults: list[Fault] = []
        self.signs = {str(sign["id"]) for sign in plain["signs"]}
        self.standings = {
            **plain.get("dimensions", {}),
            **dict.fromkeys(TraffickingElement),
        }

    def fault(self, place: Where, sentence: str, **values: object) -> None:
        self.faults.append(self.source.fault(place, sentence, **values))

    def check_known(
        self, place: Where, sentence: str, name: object, known: Collection[str]
    ) -> None:
        self.faults += check_known(self.source, place, sentence, name, known)

    def read(self) -> Instrument:
        plain = self.plain
        dimensions = {n: self.dimension(n) for n in plain.get("dimensions", {})}
        signs = tuple(self.sign(at, sign) for at, sign in enumerate(plain["signs"]))
        names = [(("signs", at, "id"), sign.id) for at, sign in enumerate(signs)]
        self.faults += check_unique(self.source, names, TWICE)
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

    def sign(self, at: int, said: Plain) -> Sign:
        place: Where = ("signs", at)
        if dimension := said.get("dimension", ""):
            known = self.plain.get("dimensions", {})
            self.check_known((*place, "dimension"), UNKNOWN_DIMENSION, dimension, known)
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
            place: Where = ("gives", name, at)
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
        self, words: object, place: Where, seen: str = "answers"
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

    def values(self, name: str, sign: str, value: Any, place: Where, seen: str) -> None:
        """Check whether what a name is compared with can ever be; `sign` is empty for a
        value that is searched for among several.
        """
        values = convert_to_tuple(value)
        if name in self.form.questions:
            self.answers(self.form.questions[name], sign, values, place)
        elif seen != "answers" and name == "signs":
            for code in values:
                self.check_known(place, UNKNOWN_SIGN, code, self.signs)
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
        self, question: "Question", sign: str, values: Sequence[Any], place: Where
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
            place: Where = ("dimensions", dimension.id)
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
    ) -> Iterator[tuple[Where, int, Condition | None]]:
        for at, following in enumerate(instrument.follows):
            yield ("follows",), at, following.when
        for name, rows in instrument.gives.items():
            for at, row in enumerate(rows):
                yield ("gives", name), at, row.when


NEVER = read_condition("nothing")
"""In place of a condition that has a fault."""
