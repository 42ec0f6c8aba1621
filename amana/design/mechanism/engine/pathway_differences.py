"""What is different between two versions of a pathway, in plain words.

Each difference is a sentence and its values: “Decide on reasonable grounds”: authority
now has 10 working days, before: 5 working days. The page translates the sentence, and
what is `NamedElement` in it, in the reader's language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from amana.design.mechanism.engine.calendar import TimeSpan
from amana.design.mechanism.engine.decisions import DecisionTable, DecisionTableRow
from amana.design.mechanism.engine.faults import NOTHING, gettext_noop
from amana.design.mechanism.engine.pathway import (
    EMPTY,
    Choose,
    Clock,
    Codes,
    Decide,
    Do,
    Part,
    Pathway,
    Step,
    Tell,
    Text,
    Together,
    Wait,
    WaitExit,
    choose_words,
)


class DifferenceTopic(StrEnum):
    """What a difference is about: the heading that it stands under."""

    WHOLE = "whole"
    STEPS = "steps"
    TABLES = "tables"
    ROLES = "roles"
    ORGANISATIONS = "organisations"
    DUTIES = "duties"
    CLOCKS = "clocks"
    SHARING = "sharing"
    FORMS = "forms"
    SCREENING = "screening"
    LAW = "law"
    TEXTS = "texts"
    INDICATORS = "indicators"
    GLOSSARY = "glossary"
    SERVICES = "services"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class NamedElement:
    """Something with a name of its own: how it is called depends on the reader."""

    kind: str
    """step, end, ending, role, table, code, message, clock, sphere, compartment,
    access_role, kind, language, weekday: `id` is a code of that kind. Others have
    words, or a file's name."""
    id: str
    words: Text = field(default=EMPTY)
    before: bool = False
    """As the version before called it."""

    def __str__(self) -> str:
        words = choose_words(self.words, "en") or self.id.replace("_", " ")
        return f"“{words}”" if self.kind == "step" else words


@dataclass(frozen=True, slots=True)
class WrittenCondition:
    """A condition, as its author wrote it."""

    written: str

    def __str__(self) -> str:
        return self.written


type Simple = NamedElement | WrittenCondition | TimeSpan | date | time | str
type Value = Simple | tuple[Simple, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    about: DifferenceTopic
    sentence: str
    values: Mapping[str, Value] = field(default=NOTHING)
    step: str = ""
    """The step that it is about, as it is called in the new version, or, if it is gone,
    in the old."""

    def __str__(self) -> str:
        return self.sentence % {
            name: format_plainly(v) for name, v in self.values.items()
        }


def format_plainly(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


type Change = tuple[str, Mapping[str, Value]]
"""A sentence and its values, before it is said what they are about."""


@dataclass(frozen=True, slots=True)
class ReplacementTexts:
    """The three ways of saying that one thing took the place of another."""

    other: str
    new: str
    gone: str


START = gettext_noop("A case now begins with %(now)s (previously %(before)s).")
ADDED = gettext_noop("New step: %(step)s.")
ADDED_ROLE = gettext_noop("New step: %(step)s, done by %(role)s.")
ADDED_DUE = gettext_noop("New step: %(step)s, done by %(role)s within %(due)s.")
REMOVED = gettext_noop("%(step)s is no longer a step.")
CALLED = gettext_noop("%(before)s is now called %(step)s.")
WORDS = gettext_noop("%(step)s: the wording has changed in %(languages)s.")
HOW = gettext_noop("%(step)s: the guidance has changed in %(languages)s.")
KIND = gettext_noop("%(step)s is now a different kind of step.")
PLACE = gettext_noop("%(step)s is now in another part of the pathway.")
ROLE = gettext_noop("%(step)s is now done by %(now)s (previously %(before)s).")
NEXT = gettext_noop("%(step)s is now followed by %(now)s (previously %(before)s).")
ENDS_AS = gettext_noop(
    "%(step)s: the case now ends as %(now)s (previously %(before)s)."
)
DUE = ReplacementTexts(
    gettext_noop("%(step)s: %(role)s now has %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: %(role)s now has %(now)s (previously no deadline)."),
    gettext_noop("%(step)s: there is no longer a deadline (previously %(before)s)."),
)
DUE_URGENCY = ReplacementTexts(
    gettext_noop(
        "%(step)s, urgency %(urgency)s: %(role)s now has %(now)s (previously "
        "%(before)s)."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: %(role)s now has %(now)s (previously no "
        "deadline)."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: there is no longer a deadline "
        "(previously %(before)s)."
    ),
)
REMIND = ReplacementTexts(
    gettext_noop(
        "%(step)s: the reminder now comes %(now)s before the deadline "
        "(previously %(before)s)."
    ),
    gettext_noop("%(step)s: a reminder now comes %(now)s before the deadline."),
    gettext_noop("%(step)s: there is no longer a reminder (previously %(before)s)."),
)
REMIND_URGENCY = ReplacementTexts(
    gettext_noop(
        "%(step)s, urgency %(urgency)s: the reminder now comes %(now)s before "
        "the deadline (previously %(before)s)."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: a reminder now comes %(now)s before the "
        "deadline."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: there is no longer a reminder "
        "(previously %(before)s)."
    ),
)
LATE = ReplacementTexts(
    gettext_noop("%(step)s: now notified if late: %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: now notified if late: %(now)s (previously no one)."),
    gettext_noop(
        "%(step)s: no one is notified any more if late (previously %(before)s)."
    ),
)
FORM = ReplacementTexts(
    gettext_noop("%(step)s: the form is now %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s now has a form: %(now)s."),
    gettext_noop("%(step)s no longer has a form (previously %(before)s)."),
)
SCREENING = ReplacementTexts(
    gettext_noop("%(step)s: the screening is now %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s now has a screening: %(now)s."),
    gettext_noop("%(step)s no longer has a screening (previously %(before)s)."),
)
ASKS = gettext_noop("%(step)s now also records: %(names)s.")
ASKS_NOT = gettext_noop("%(step)s no longer records: %(names)s.")
CODES = gettext_noop("%(step)s: %(name)s can now also be: %(codes)s.")
CODES_NOT = gettext_noop("%(step)s: %(name)s can no longer be: %(codes)s.")
START_ASKS = gettext_noop("A case now also starts with: %(names)s.")
START_ASKS_NOT = gettext_noop("A case no longer starts with: %(names)s.")
START_CODES = gettext_noop("When a case starts, %(name)s can now also be: %(codes)s.")
START_CODES_NOT = gettext_noop(
    "When a case starts, %(name)s can no longer be: %(codes)s."
)
WAY = ReplacementTexts(
    gettext_noop(
        "%(step)s: if %(condition)s, it now leads to %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(step)s: new path: if %(condition)s, it leads to %(now)s."),
    gettext_noop("%(step)s: path removed: if %(condition)s, it led to %(before)s."),
)
OTHERWISE = ReplacementTexts(
    gettext_noop(
        "%(step)s: otherwise it now leads to %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(step)s: otherwise it now leads to %(now)s."),
    gettext_noop("%(step)s: path removed: otherwise it led to %(before)s."),
)
ORDER = gettext_noop("%(step)s: the paths are now checked in a different order.")
TOGETHER = gettext_noop("%(step)s: these now also start at the same time: %(steps)s.")
TOGETHER_NOT = gettext_noop(
    "%(step)s: these no longer start at the same time: %(steps)s."
)
EACH = ReplacementTexts(
    gettext_noop("%(step)s: now once for each of %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: now once for each of %(now)s."),
    gettext_noop("%(step)s: now only once (previously for each of %(before)s)."),
)
DECIDES = gettext_noop("%(step)s: now decided by %(now)s (previously %(before)s).")
TOLD = gettext_noop("%(step)s: now notified: %(now)s (previously %(before)s).")
MESSAGE = gettext_noop("%(step)s: the message is now %(now)s (previously %(before)s).")
HEARD = ReplacementTexts(
    gettext_noop(
        "%(step)s: after the message %(message)s, it now leads to %(now)s "
        "(previously %(before)s)."
    ),
    gettext_noop("%(step)s: now also ends with the message %(message)s."),
    gettext_noop("%(step)s: no longer ends with the message %(message)s."),
)
SENDER = gettext_noop(
    "%(step)s: the message %(message)s now comes from %(now)s (previously %(before)s)."
)
AFTER = ReplacementTexts(
    gettext_noop("%(step)s: the wait now ends after %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: the wait now ends after %(now)s."),
    gettext_noop(
        "%(step)s: the wait no longer ends by itself (previously after %(before)s)."
    ),
)
AFTER_URGENCY = ReplacementTexts(
    gettext_noop(
        "%(step)s, urgency %(urgency)s: the wait now ends after %(now)s "
        "(previously %(before)s)."
    ),
    gettext_noop("%(step)s, urgency %(urgency)s: the wait now ends after %(now)s."),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: the wait no longer ends by itself "
        "(previously after %(before)s)."
    ),
)
AFTER_NEXT = gettext_noop(
    "%(step)s: if nothing arrives, it now leads to %(now)s (previously %(before)s)."
)
RUNS = gettext_noop("%(step)s: now runs %(now)s (previously %(before)s).")
INTERRUPT = ReplacementTexts(
    gettext_noop(
        "On “%(message)s”, the case now continues at %(now)s (previously %(before)s)."
    ),
    gettext_noop("New: on “%(message)s”, the case continues at %(now)s."),
    gettext_noop("Removed: on “%(message)s”, the case continued at %(before)s."),
)
KEEPS = gettext_noop("On “%(message)s”, these steps now also stay open: %(steps)s.")
KEEPS_NOT = gettext_noop(
    "On “%(message)s”, these steps no longer stay open: %(steps)s."
)
TABLE = ReplacementTexts(
    gettext_noop("%(table)s has changed."),
    gettext_noop("%(table)s is new."),
    gettext_noop("%(table)s no longer exists."),
)
ROW = ReplacementTexts(
    gettext_noop(
        "%(table)s: if %(condition)s, the answer is now %(now)s (previously "
        "%(before)s)."
    ),
    gettext_noop("%(table)s: new row: if %(condition)s, then %(now)s."),
    gettext_noop("%(table)s: row removed: if %(condition)s, then %(before)s."),
)
ROW_OTHERWISE = gettext_noop(
    "%(table)s: otherwise the answer is now %(now)s (previously %(before)s)."
)
ROW_BECAUSE = gettext_noop("%(table)s: the reasons are worded differently.")
ROW_ORDER = gettext_noop("%(table)s: the rows are now checked in a different order.")

URGENCIES = ("U0", "U1", "U2", "U3")
CASE_ENDS = NamedElement("end", "case")
BRANCH_ENDS = NamedElement("end", "branch")


def iterate_pathway_differences(
    old: Pathway, new: Pathway, renamed: Mapping[str, str] = EMPTY
) -> Iterator[Difference]:
    """Yield what is different in the pathway and its tables, in the order of the new
    file. `renamed`: the new name of each step of the old version that has another.
    """
    return PathwayComparison(old, new, renamed).all()


class PathwayComparison:
    def __init__(self, old: Pathway, new: Pathway, renamed: Mapping[str, str]) -> None:
        self.old, self.new = old, new
        self.renamed = renamed
        kept = {renamed.get(id, id): id for id in old.steps}
        self.was = {now: was for now, was in kept.items() if now in new.steps}
        """By the new name of each step that there was: the old name."""

    def all(self) -> Iterator[Difference]:
        if self.as_now(self.old.start) != self.new.start:
            yield self.of_steps(
                START,
                now=self.step(self.new.start),
                before=self.step_was(self.old.start),
            )
        starts = (self.old.starts_with, self.new.starts_with)
        for sentence, values in compare_given(*starts, START_SENTENCES):
            yield self.of_steps(sentence, **values)
        for id in self.new.steps:
            yield from self.of_step(id)
        for id in self.old.steps:
            if self.as_now(id) not in self.new.steps:
                step = self.step_was(id)
                yield Difference(DifferenceTopic.STEPS, REMOVED, {"step": step}, id)
        yield from self.of_interrupts()
        yield from self.of_tables()

    # -- names

    def as_now(self, id: str) -> str:
        return self.renamed.get(id, id)

    def step(self, id: str) -> NamedElement:
        return NamedElement("step", id, self.words(self.new, id))

    def step_was(self, id: str) -> NamedElement:
        return NamedElement("step", id, self.words(self.old, id), before=True)

    def words(self, pathway: Pathway, id: str) -> Text:
        step = pathway.steps.get(id)
        return step.do if isinstance(step, Do) else EMPTY

    def follows(self, next: str | None, end: str | None = None) -> NamedElement:
        """Name what comes now: a step, or an end."""
        if next:
            return self.step(next)
        return CASE_ENDS if end is not None else BRANCH_ENDS

    def followed(self, next: str | None, end: str | None = None) -> NamedElement:
        """Name what came before. A step that is still there is called as it is now, so
        that only what follows is reported as different.
        """
        if next and self.as_now(next) in self.new.steps:
            return self.step(self.as_now(next))
        return self.step_was(next) if next else self.follows(None, end)

    def of_steps(self, sentence: str, **values: Value) -> Difference:
        return Difference(DifferenceTopic.STEPS, sentence, values)

    # -- a step

    def of_step(self, id: str) -> Iterator[Difference]:
        now = self.new.steps[id]
        if id not in self.was:
            yield self.added(now)
            return
        was = self.old.steps[self.was[id]]
        for sentence, values in self.changes(was, now):
            yield Difference(
                DifferenceTopic.STEPS, sentence, {"step": self.step(id), **values}, id
            )

    def added(self, step: Step) -> Difference:
        values: dict[str, Value] = {"step": self.step(step.id)}
        sentence = ADDED
        if isinstance(step, Do):
            values["role"], sentence = name_role(step.role), ADDED_ROLE
            if step.due and step.due.same_for_all:
                values["due"], sentence = step.due.same_for_all, ADDED_DUE
        return Difference(DifferenceTopic.STEPS, sentence, values, step.id)

    def changes(self, was: Step, now: Step) -> Iterator[Change]:
        if type(was) is not type(now):
            yield KIND, {}
            return
        if was.part != now.part:
            yield PLACE, {}
        if isinstance(was, Do) and isinstance(now, Do):
            yield from self.work(was, now)
        elif isinstance(was, Choose) and isinstance(now, Choose):
            yield from self.choice(was, now)
        elif isinstance(was, Wait) and isinstance(now, Wait):
            yield from self.waits(was, now)
        elif isinstance(was, Together) and isinstance(now, Together):
            yield from self.block(was, now)
        elif isinstance(was, Decide) and isinstance(now, Decide):
            if was.decide != now.decide:
                tables = (
                    NamedElement("table", now.decide),
                    NamedElement("table", was.decide),
                )
                yield DECIDES, {"now": tables[0], "before": tables[1]}
        elif isinstance(was, Tell) and isinstance(now, Tell):
            if was.tell != now.tell:
                yield TOLD, {"now": name_role(now.tell), "before": name_role(was.tell)}
            if was.message != now.message:
                messages = name_message(now.message), name_message(was.message)
                yield MESSAGE, {"now": messages[0], "before": messages[1]}
        elif isinstance(was, Part) and isinstance(now, Part) and was.of != now.of:
            yield RUNS, {"now": name_code(now.of), "before": name_code(was.of)}
        before, follows = (
            self.followed(was.next, was.end),
            self.follows(now.next, now.end),
        )
        if before != follows and not isinstance(now, Choose | Wait):
            yield NEXT, {"now": follows, "before": before}
        if was.end and now.end and was.end != now.end:
            ends = NamedElement("ending", now.end), NamedElement("ending", was.end)
            yield ENDS_AS, {"now": ends[0], "before": ends[1]}

    def work(self, was: Do, now: Do) -> Iterator[Change]:
        if choose_words(was.do, "") != choose_words(now.do, ""):
            yield CALLED, {"before": self.step_was(was.id)}
        elif languages := list_changed_languages(was.do, now.do):
            yield WORDS, {"languages": languages}
        if languages := list_changed_languages(was.how, now.how):
            yield HOW, {"languages": languages}
        if was.role != now.role:
            yield ROLE, {"now": name_role(now.role), "before": name_role(was.role)}
        who: Mapping[str, Value] = {"role": name_role(now.role)}
        yield from compare_clocks(was.due, now.due, DUE, DUE_URGENCY, who)
        yield from compare_clocks(was.remind, now.remind, REMIND, REMIND_URGENCY, {})
        told = tuple(map(name_role, was.late)), tuple(map(name_role, now.late))
        yield from describe_swap(*told, LATE)
        yield from describe_swap(name_file(was.form), name_file(now.form), FORM)
        screening = name_file(was.screening), name_file(now.screening)
        yield from describe_swap(*screening, SCREENING)
        yield from compare_given(was.gives, now.gives, STEP_SENTENCES)

    def choice(self, was: Choose, now: Choose) -> Iterator[Change]:
        before = {str(b.when or ""): self.followed(b.next, was.end) for b in was.choose}
        here = {str(b.when or ""): self.follows(b.next, now.end) for b in now.choose}
        for written in {**here, **before}:
            ways = WAY if written else OTHERWISE
            values = {"condition": WrittenCondition(written)} if written else {}
            for change in describe_swap(before.get(written), here.get(written), ways):
                yield change[0], {**change[1], **values}
        # Among those that both have: a new way moves the others, and that alone is no
        # other order.
        both = [w for w in before if w in here], [w for w in here if w in before]
        if both[0] != both[1]:
            yield ORDER, {}

    def waits(self, was: Wait, now: Wait) -> Iterator[Change]:
        before = {way.message: way for way in was.wait if way.message}
        here = {way.message: way for way in now.wait if way.message}
        for message in {**here, **before}:
            one, other = before.get(message), here.get(message)
            follows = (
                self.followed(one.next, was.end) if one else None,
                self.follows(other.next, now.end) if other else None,
            )
            for sentence, values in describe_swap(*follows, HEARD):
                yield sentence, {"message": name_message(message), **values}
            if one and other and one.sender != other.sender:
                senders = {
                    "now": name_role(other.sender),
                    "before": name_role(one.sender),
                }
                yield SENDER, {"message": name_message(message), **senders}
        yield from self.waits_until(was, now)

    def waits_until(self, was: Wait, now: Wait) -> Iterator[Change]:
        nothing = WaitExit()
        one, other = was.after or nothing, now.after or nothing
        yield from compare_clocks(one.after, other.after, AFTER, AFTER_URGENCY, {})
        before = self.followed(one.next, was.end)
        follows = self.follows(other.next, now.end)
        if one.after and other.after and before != follows:
            yield AFTER_NEXT, {"now": follows, "before": before}

    def block(self, was: Together, now: Together) -> Iterator[Change]:
        before = [self.as_now(id) for id in was.together]
        more = tuple(self.step(id) for id in now.together if id not in before)
        fewer = tuple(
            self.followed(id)
            for id in was.together
            if self.as_now(id) not in now.together
        )
        if more:
            yield TOGETHER, {"steps": more}
        if fewer:
            yield TOGETHER_NOT, {"steps": fewer}
        each = [name_code(step.each) if step.each else None for step in (was, now)]
        yield from describe_swap(each[0], each[1], EACH)

    # -- interrupts and tables

    def of_interrupts(self) -> Iterator[Difference]:
        old = {interrupt.on: interrupt for interrupt in self.old.interrupts.values()}
        new = {interrupt.on: interrupt for interrupt in self.new.interrupts.values()}
        for on in {**new, **old}:
            was, now = old.get(on), new.get(on)
            message = {"message": name_message(on)}
            goes = (
                self.followed(was.next) if was else None,
                self.follows(now.next) if now else None,
            )
            for sentence, values in describe_swap(*goes, INTERRUPT):
                yield self.of_steps(sentence, **message, **values)
            if was and now:
                kept = {self.as_now(id) for id in was.keeps}
                for sentence, ids in (
                    (KEEPS, now.keeps - kept),
                    (KEEPS_NOT, kept - now.keeps),
                ):
                    if ids:
                        steps = tuple(self.followed(id) for id in sorted(ids))
                        yield self.of_steps(sentence, **message, steps=steps)

    def of_tables(self) -> Iterator[Difference]:
        old, new = self.old.decisions, self.new.decisions
        for name in {**new, **old}:
            table: Mapping[str, Value] = {"table": NamedElement("table", name)}
            was, now = old.get(name), new.get(name)
            if was is None or now is None:
                yield Difference(
                    DifferenceTopic.TABLES, TABLE.new if now else TABLE.gone, table
                )
                continue
            for sentence, values in compare_rows(was, now):
                yield Difference(DifferenceTopic.TABLES, sentence, {**table, **values})


STEP_SENTENCES = (ASKS, ASKS_NOT, CODES, CODES_NOT)
START_SENTENCES = (START_ASKS, START_ASKS_NOT, START_CODES, START_CODES_NOT)


def compare_given(
    was: Mapping[str, Codes],
    now: Mapping[str, Codes],
    sentences: tuple[str, str, str, str],
) -> Iterator[Change]:
    """Compare names that are given and were not, and the other way round; then their
    codes.
    """
    more, fewer, wider, narrower = sentences
    for sentence, names in ((more, now.keys() - was), (fewer, was.keys() - now)):
        if names:
            yield sentence, {"names": tuple(map(name_code, sorted(names)))}
    for name in now:
        # A name that is new has no codes from before; it has been reported above.
        before, here = was.get(name, now[name]), now[name]
        for sentence, this, other in ((wider, here, before), (narrower, before, here)):
            if codes := tuple(name_code(c) for c in this if c not in other):
                yield sentence, {"name": name_code(name), "codes": codes}


def compare_rows(was: DecisionTable, now: DecisionTable) -> Iterator[Change]:
    before = {format_row_condition(row): row for row in was.rows}
    here = {format_row_condition(row): row for row in now.rows}
    found = False
    for written in {**here, **before}:
        one, other = before.get(written), here.get(written)
        answers = (
            name_code(one.then) if one else None,
            name_code(other.then) if other else None,
        )
        for sentence, values in describe_swap(*answers, ROW):
            found = True
            if written:
                yield sentence, {**values, "condition": WrittenCondition(written)}
            else:
                yield ROW_OTHERWISE, values
    both = [w for w in before if w in here], [w for w in here if w in before]
    if both[0] != both[1]:
        found = True
        yield ROW_ORDER, {}
    if any(before[w].because != here[w].because for w in both[0]):
        found = True
        yield ROW_BECAUSE, {}
    # Organisations sign what they are shown: a difference without a sentence of its own
    # must not go unmentioned.
    if not found and was != now:
        yield TABLE.other, {}


def format_row_condition(row: DecisionTableRow) -> str:
    """Format a row as a condition: age_group in ["child", "unsure"]."""

    def one(name: str, codes: frozenset[str]) -> str:
        if len(codes) == 1:
            return f'{name} == "{min(codes)}"'
        listed = ", ".join(f'"{code}"' for code in sorted(codes))
        return f"{name} in [{listed}]"

    return " and ".join(one(name, codes) for name, codes in row.when)


def name_role(id: str) -> NamedElement:
    return NamedElement("role", id)


def name_code(id: str) -> NamedElement:
    return NamedElement("code", id)


def name_message(message: str) -> NamedElement:
    return NamedElement("message", message)


def name_file(id: str) -> NamedElement | None:
    return NamedElement("file", id) if id else None


def describe_swap(
    was: Value | None, now: Value | None, ways: ReplacementTexts
) -> Iterator[Change]:
    if was == now:
        return
    if not was:
        yield ways.new, {"now": now or ""}
    elif not now:
        yield ways.gone, {"before": was}
    else:
        yield ways.other, {"now": now, "before": was}


def compare_clocks(
    was: Clock | None,
    now: Clock | None,
    ways: ReplacementTexts,
    by_urgency: ReplacementTexts,
    more: Mapping[str, Value],
) -> Iterator[Change]:
    """Compare clocks: one sentence if the length was and is the same for all, else one
    by urgency.
    """
    was, now = was or NO_CLOCK, now or NO_CLOCK
    if not any(urgency for urgency in (*was.spans, *now.spans)):
        for sentence, values in describe_swap(was.same_for_all, now.same_for_all, ways):
            yield sentence, {**more, **values}
        return
    for urgency in URGENCIES:
        spans = was.span(urgency), now.span(urgency)
        for sentence, values in describe_swap(*spans, by_urgency):
            yield sentence, {**more, **values, "urgency": name_code(urgency)}


NO_CLOCK = Clock(EMPTY)


def list_changed_languages(was: Text, now: Text) -> tuple[NamedElement, ...]:
    """List the languages in which words are not the same."""
    return tuple(
        NamedElement("language", language)
        for language in sorted({*was, *now})
        if was.get(language) != now.get(language)
    )
