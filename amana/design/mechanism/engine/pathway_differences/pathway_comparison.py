"""Compare two versions of a pathway."""

from collections.abc import Iterator, Mapping

from amana.design.mechanism.engine.pathway import (
    EMPTY,
    Choose,
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
from amana.design.mechanism.engine.pathway_differences.difference_texts import (
    ADDED,
    ADDED_DUE,
    ADDED_ROLE,
    AFTER,
    AFTER_NEXT,
    AFTER_URGENCY,
    BRANCH_ENDS,
    CALLED,
    CASE_ENDS,
    DECIDES,
    DUE,
    DUE_URGENCY,
    EACH,
    ENDS_AS,
    FORM,
    HEARD,
    HOW,
    INTERRUPT,
    KEEPS,
    KEEPS_NOT,
    KIND,
    LATE,
    MESSAGE,
    NEXT,
    ORDER,
    OTHERWISE,
    PLACE,
    REMIND,
    REMIND_URGENCY,
    REMOVED,
    ROLE,
    RUNS,
    SCREENING,
    SENDER,
    START,
    START_SENTENCES,
    STEP_SENTENCES,
    TABLE,
    TOGETHER,
    TOGETHER_NOT,
    TOLD,
    WAY,
    WORDS,
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    Value,
    WrittenCondition,
    describe_swap,
    list_changed_languages,
)
from amana.design.mechanism.engine.pathway_differences.named_elements import (
    compare_clocks,
    compare_given,
    compare_rows,
    name_code,
    name_file,
    name_message,
    name_role,
)


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
