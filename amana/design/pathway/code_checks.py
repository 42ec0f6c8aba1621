"""Whether a pathway speaks of codes that its steps give: conditions, tables, lists and
clocks by urgency."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from amana.design.pathway.conditions import ComparedValue, Condition, Constant, Name
from amana.design.pathway.decisions import DecisionTable
from amana.design.pathway.pathway_model import (
    LIST,
    MAIN,
    Choose,
    Clock,
    Codes,
    Decide,
    Do,
    Pathway,
    Step,
    Together,
    Wait,
)
from amana.faults import Fault, Where, check_known, gettext_noop
from amana.working_time import Calendar

NOT_GIVEN = gettext_noop("No step gives “%(name)s”.")
NOT_YET = gettext_noop("“%(name)s” is not known yet in “%(step)s”.")
ONLY_INSIDE = gettext_noop(
    "“%(name)s” is known for each item in “%(block)s” only, not in “%(step)s”."
)
NEVER_A_CODE = gettext_noop("“%(name)s” is never “%(code)s”; it can be: %(codes)s.")
NO_ORDER = gettext_noop("Codes have no order: compare “%(name)s” with == or in.")
NOT_A_NUMBER = gettext_noop("“%(name)s” is a code: write it in quotes.")
ALONE = gettext_noop('Name the code that “%(name)s” must have, such as == "%(code)s".')
IS_A_LIST = gettext_noop(
    '“%(name)s” is a list: write “%(name)s” alone, or "…" in %(name)s.'
)
TWO_NAMES = gettext_noop("Compare “%(name)s” with a code.")
NEVER = gettext_noop("This path is never taken: the ones before it cover every case.")
ROW_NEVER = gettext_noop("This row never applies: the ones before it cover every case.")
NOT_A_LIST_HERE = gettext_noop(
    "“%(name)s” is not a list; a step has to give it as one (%(name)s: list)."
)
LIST_INPUT = gettext_noop("“%(name)s” is a list, which a table can’t use.")
GIVES_OTHER = gettext_noop(
    "The table gives “%(table)s”, and the step “%(name)s”: write the same name."
)
TABLE_UNUSED = gettext_noop("No step uses this table.")
NO_URGENCY = gettext_noop(
    "Times by urgency need “urgency” among what a case starts with (starts_with)."
)
NOT_AN_URGENCY = gettext_noop("There is no urgency “%(code)s”. Choose from: %(codes)s.")
URGENCY_MISSING = gettext_noop("Add the time for “%(code)s” too.")
REMINDS_LATE = gettext_noop("The reminder would come before “%(step)s” has begun.")
MIXED = gettext_noop("“%(name)s” is a list in one step and has codes in another.")

MOST_CASES = 20_000
"""Combinations of codes that are tried out to find what never comes true."""


def find_code_faults(
    pathway: Pathway, file: str, tables: Mapping[str, str]
) -> list[Fault]:
    """Find what is wrong with codes in a pathway that is sound. `tables`: their
    files."""
    return list(CodeChecker(pathway, file, tables).faults())


@dataclass
class CodeChecker:
    pathway: Pathway
    file: str
    tables: Mapping[str, str]

    def faults(self) -> Iterator[Fault]:
        yield from self.mixed()
        for step in self.pathway.steps.values():
            where = self.where(step)
            if isinstance(step, Choose):
                yield from self.choice(step, where)
            elif isinstance(step, Decide):
                yield from self.decision(step, where)
            elif isinstance(step, Together) and step.each:
                yield from self.loop(step, where)
            elif isinstance(step, Do):
                yield from self.clocks(step, where)
            elif isinstance(step, Wait):
                for n, way in enumerate(step.wait):
                    yield from self.clock((*where, "wait", n, "after"), way.after)
        used = {s.decide for s in self.pathway.steps.values() if isinstance(s, Decide)}
        for name, table in self.pathway.decisions.items():
            if name not in used:
                yield Fault(self.tables[name], None, TABLE_UNUSED, {}, ())
            else:
                yield from self.table(table, self.tables[name])

    def where(self, step: Step) -> Where:
        if step.part == MAIN:
            return ("steps", step.id)
        return ("parts", step.part, "steps", step.id)

    def fault(self, where: Where, sentence: str, /, **values: object) -> Fault:
        return Fault(self.file, None, sentence, values, where)

    # -- what is known where

    @cached_property
    def givers(self) -> Mapping[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for step in self.pathway.steps.values():
            if isinstance(step, Do):
                for name in step.gives:
                    found.setdefault(name, []).append(step)
            elif isinstance(step, Decide):
                found.setdefault(step.gives, []).append(step)
        return found

    @cached_property
    def eaches(self) -> Mapping[str, tuple[str, ...]]:
        """The loops that each step is in, the outermost first; a part's, where it is
        used first."""
        found: dict[str, tuple[str, ...]] = {}
        for id in self.pathway.steps:
            way: list[str] = []
            around = self.pathway.around.get(id)
            while around:
                way.append(around[0][0])
                around = self.pathway.around.get(way[-1])
            found[id] = tuple(block for block in reversed(way) if self.is_each(block))
        return found

    def is_each(self, id: str) -> bool:
        step = self.pathway.steps[id]
        return isinstance(step, Together) and bool(step.each)

    @cached_property
    def later(self) -> Mapping[str, set[str]]:
        """The steps that may come some time after each, or at the same time."""
        pathway = self.pathway
        roots = [i.next for i in pathway.interrupts.values()]
        direct: dict[str, set[str]] = {}
        for id, step in pathway.steps.items():
            blocks = [pathway.steps[block] for block, _ in pathway.around.get(id, ())]
            outside = {f for b in blocks for f in (*b.follows, *b.begins, b.id)}
            direct[id] = {*step.follows, *step.begins, *outside, *roots}
        return {id: list_reached_steps(id, direct) for id in pathway.steps}

    def known(self, where: Where, name: str, step: Step) -> Iterator[Fault]:
        """Check whether a name may be known when a case comes to this step."""
        if name in self.pathway.starts_with:
            return
        givers = self.givers.get(name)
        if not givers:
            yield from check_known(self, where, NOT_GIVEN, name, self.pathway.gives)
            return
        around = self.eaches[step.id]
        seen = [
            g for g in givers if self.eaches[g.id] == around[: len(self.eaches[g.id])]
        ]
        if not seen:
            block = self.eaches[givers[0].id][-1]
            yield self.fault(where, ONLY_INSIDE, name=name, block=block, step=step.id)
        elif not any(step.id in self.later[giver.id] for giver in seen):
            yield self.fault(where, NOT_YET, name=name, step=step.id)

    def mixed(self) -> Iterator[Fault]:
        for name, codes in self.pathway.gives.items():
            if LIST in codes and codes != (LIST,):
                giver = self.givers[name][-1]
                where = (*self.where(giver), "gives", name)
                yield self.fault(where, MIXED, name=name)

    # -- conditions

    def choice(self, step: Choose, where: Where) -> Iterator[Fault]:
        found: list[Fault] = []
        for n, branch in enumerate(step.choose):
            if branch.when:
                at = (*where, "choose", n, "if")
                found += self.condition(at, branch.when, step)
        yield from found
        # A way whose condition has a fault would also be reported as one that is never
        # taken.
        if found:
            return
        tests = [branch.when for branch in step.choose]
        names = sorted({name for test in tests if test for name in test.names})
        first = self.first(
            names, [test.holds if test else is_always_true for test in tests]
        )
        for n in range(len(tests)):
            if first is not None and n not in first:
                yield self.fault((*where, "choose", n), NEVER)

    def condition(
        self, where: Where, condition: Condition, step: Step
    ) -> Iterator[Fault]:
        for name in sorted(condition.names):
            yield from self.known(where, name, step)
        for bare in condition.bare():
            codes = self.codes(bare.name)
            if codes and codes != (LIST,):
                yield self.fault(where, ALONE, name=bare.name, code=codes[0])
        for compared in condition.compared():
            yield from self.comparison(where, compared)

    def codes(self, name: str) -> Codes:
        return self.pathway.gives.get(name, ())

    def comparison(self, where: Where, compared: ComparedValue) -> Iterator[Fault]:
        left, sign, right = compared.left, compared.sign, compared.right
        if isinstance(left, Name) and isinstance(right, Name):
            if sign in ("==", "!="):
                return
            listed = self.codes(right.name) == (LIST,)
            if not listed or sign not in ("in", "not in"):
                yield self.fault(where, TWO_NAMES, name=left.name)
            return
        if isinstance(left, Constant) and isinstance(right, Name):
            if sign in ("in", "not in"):
                if self.codes(right.name) != (LIST,):
                    yield self.fault(where, TWO_NAMES, name=right.name)
                return
            left, right = right, left
        if isinstance(left, Name) and isinstance(right, Constant):
            yield from self.constant(where, left.name, sign, right)

    def constant(
        self, where: Where, name: str, sign: str, constant: Constant
    ) -> Iterator[Fault]:
        codes = self.codes(name)
        if sign not in ("==", "!=", "in", "not in"):
            yield self.fault(where, NO_ORDER, name=name)
        elif codes == (LIST,):
            yield self.fault(where, IS_A_LIST, name=name)
        elif codes:
            value = constant.value
            for code in value if isinstance(value, tuple) else (value,):
                if isinstance(code, int):
                    yield self.fault(where, NOT_A_NUMBER, name=name)
                elif code not in codes:
                    said = ", ".join(codes)
                    yield self.fault(
                        where, NEVER_A_CODE, name=name, code=code, codes=said
                    )

    def first(self, names: list[str], tests: list[Any]) -> set[int] | None:
        """Find which of the tests come first for some codes; None: too many to try."""
        # None too: a step that was skipped may have given nothing.
        values = [(None, *self.codes(name)) for name in names]
        size = 1
        for some in values:
            size *= len(some)
        lists = any(self.codes(name) == (LIST,) for name in names)
        # Combinations grow as the product of all codes. Beyond this many, a way that is
        # never taken stays unnoticed, and the check stays quick.
        if lists or size > MOST_CASES:
            return None
        found: set[int] = set()
        for some in product(*values):
            data = dict(zip(names, some, strict=True))
            for n, test in enumerate(tests):
                if test(data):
                    found.add(n)
                    break
        return found

    # -- tables, lists, clocks

    def decision(self, step: Decide, where: Where) -> Iterator[Fault]:
        table = self.pathway.decisions[step.decide]
        if table.gives != step.gives:
            at = (*where, "gives")
            yield self.fault(at, GIVES_OTHER, table=table.gives, name=step.gives)
        for name in table.inputs:
            if self.codes(name) == (LIST,):
                yield self.fault((*where, "decide"), LIST_INPUT, name=name)
            else:
                yield from self.known((*where, "decide"), name, step)

    def table(self, table: DecisionTable, file: str) -> Iterator[Fault]:
        found = []
        for n, row in enumerate(table.rows):
            for name, among in row.when:
                codes = self.codes(name)
                for code in sorted(among) if codes and codes != (LIST,) else ():
                    if code not in codes:
                        values = {"name": name, "code": code, "codes": ", ".join(codes)}
                        where = ("rows", n, "when", name)
                        found.append(Fault(file, None, NEVER_A_CODE, values, where))
        yield from found
        if found:
            return
        names = sorted({name for row in table.rows for name, _ in row.when})
        first = self.first(names, [row.fits for row in table.rows])
        for n in range(len(table.rows)):
            if first is not None and n not in first:
                yield Fault(file, None, ROW_NEVER, {}, ("rows", n))

    def loop(self, step: Together, where: Where) -> Iterator[Fault]:
        at = (*where, "each")
        codes = self.codes(step.each)
        if codes and codes != (LIST,):
            yield self.fault(at, NOT_A_LIST_HERE, name=step.each)
        else:
            yield from self.known(at, step.each, step)

    def clocks(self, step: Do, where: Where) -> Iterator[Fault]:
        found = [
            *self.clock((*where, "due"), step.due),
            *self.clock((*where, "remind"), step.remind),
        ]
        yield from found
        if found or step.remind is None or step.due is None:
            return
        for urgency in {*step.due.spans, *step.remind.spans}:
            due, remind = step.due.span(urgency), step.remind.span(urgency)
            # Hours and working days have no common unit, so both are laid on one
            # ordinary Monday.
            if due and remind and remind.before(due.after(MONDAY, WEEK), WEEK) < MONDAY:
                yield self.fault((*where, "remind"), REMINDS_LATE, step=step.id)
                return

    def clock(self, where: Where, clock: Clock | None) -> Iterator[Fault]:
        if clock is None or clock.same_for_all:
            return
        urgencies = self.pathway.starts_with.get("urgency")
        if not urgencies:
            yield self.fault(where, NO_URGENCY)
            return
        said = ", ".join(urgencies)
        for code in clock.spans:
            if code not in urgencies:
                at = (*where, code)
                yield self.fault(at, NOT_AN_URGENCY, code=code, codes=said)
        for code in urgencies:
            if code not in clock.spans:
                yield self.fault(where, URGENCY_MISSING, code=code)


def is_always_true(data: Mapping[str, object]) -> bool:
    return True


def list_reached_steps(id: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [id]
    while todo:
        more = direct[todo.pop()] - found
        found |= more
        todo += more
    return found


WEEK = Calendar()
MONDAY = WEEK.opening(date(2026, 11, 2))
