"""Compare two versions of a pathway."""

from collections.abc import Iterator, Mapping

from amana.design.pathway.pathway_differences import difference_texts as texts
from amana.design.pathway.pathway_differences.difference import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    Value,
    WrittenCondition,
    describe_members,
    describe_replaced,
    describe_swap,
    is_reordered,
    list_changed_languages,
    match_by_key,
)
from amana.design.pathway.pathway_differences.named_elements import (
    compare_clocks,
    compare_given,
    compare_rows,
    name_code,
    name_file,
    name_message,
    name_role,
)
from amana.design.pathway.pathway_model import (
    EMPTY,
    Choose,
    Decide,
    Do,
    Interrupt,
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
                texts.START,
                now=self.step(self.new.start),
                before=self.step_was(self.old.start),
            )
        starts = (self.old.starts_with, self.new.starts_with)
        for sentence, values in compare_given(*starts, texts.START_SENTENCES):
            yield self.of_steps(sentence, **values)
        for id in self.new.steps:
            yield from self.of_step(id)
        for id in self.old.steps:
            if self.as_now(id) not in self.new.steps:
                step = self.step_was(id)
                yield Difference(
                    DifferenceTopic.STEPS, texts.REMOVED, {"step": step}, id
                )
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
        return texts.CASE_ENDS if end is not None else texts.BRANCH_ENDS

    def followed(self, next: str | None, end: str | None = None) -> NamedElement:
        """Name what came before. A step that is still there is called as it is now, so
        that only what follows is reported as different.
        """
        if next and self.as_now(next) in self.new.steps:
            return self.step(self.as_now(next))
        return self.step_was(next) if next else self.follows(None, end)

    def step_by_new_id(self, id: str) -> NamedElement:
        return self.step(id) if id in self.new.steps else self.step_was(id)

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
        sentence = texts.ADDED
        if isinstance(step, Do):
            values["role"], sentence = name_role(step.role), texts.ADDED_ROLE
            if step.due and step.due.same_for_all:
                values["due"], sentence = step.due.same_for_all, texts.ADDED_DUE
        return Difference(DifferenceTopic.STEPS, sentence, values, step.id)

    def changes(self, was: Step, now: Step) -> Iterator[Change]:
        if type(was) is not type(now):
            yield texts.KIND, {}
            return
        if was.part != now.part:
            yield texts.PLACE, {}
        if isinstance(was, Do) and isinstance(now, Do):
            yield from self.work(was, now)
        elif isinstance(was, Choose) and isinstance(now, Choose):
            yield from self.choice(was, now)
        elif isinstance(was, Wait) and isinstance(now, Wait):
            yield from self.waits(was, now)
        elif isinstance(was, Together) and isinstance(now, Together):
            yield from self.block(was, now)
        elif isinstance(was, Decide) and isinstance(now, Decide):
            tables = [NamedElement("table", step.decide) for step in (was, now)]
            yield from describe_replaced(texts.DECIDES, *tables)
        elif isinstance(was, Tell) and isinstance(now, Tell):
            yield from describe_replaced(
                texts.TOLD, name_role(was.tell), name_role(now.tell)
            )
            messages = name_message(was.message), name_message(now.message)
            yield from describe_replaced(texts.MESSAGE, *messages)
        elif isinstance(was, Part) and isinstance(now, Part):
            yield from describe_replaced(
                texts.RUNS, name_code(was.of), name_code(now.of)
            )
        if not isinstance(now, Choose | Wait):
            before = self.followed(was.next, was.end)
            follows = self.follows(now.next, now.end)
            yield from describe_replaced(texts.NEXT, before, follows)
        if was.end and now.end:
            ends = NamedElement("ending", was.end), NamedElement("ending", now.end)
            yield from describe_replaced(texts.ENDS_AS, *ends)

    def work(self, was: Do, now: Do) -> Iterator[Change]:
        if choose_words(was.do, "") != choose_words(now.do, ""):
            yield texts.CALLED, {"before": self.step_was(was.id)}
        elif languages := list_changed_languages(was.do, now.do):
            yield texts.WORDS, {"languages": languages}
        if languages := list_changed_languages(was.how, now.how):
            yield texts.HOW, {"languages": languages}
        role = name_role(now.role)
        yield from describe_replaced(texts.ROLE, name_role(was.role), role)
        yield from compare_clocks(
            was.due, now.due, texts.DUE, texts.DUE_URGENCY, role=role
        )
        yield from compare_clocks(
            was.remind, now.remind, texts.REMIND, texts.REMIND_URGENCY
        )
        told = tuple(map(name_role, was.late)), tuple(map(name_role, now.late))
        yield from describe_swap(texts.LATE, *told)
        yield from describe_swap(texts.FORM, name_file(was.form), name_file(now.form))
        screening = name_file(was.screening), name_file(now.screening)
        yield from describe_swap(texts.SCREENING, *screening)
        yield from compare_given(was.gives, now.gives, texts.STEP_SENTENCES)

    def choice(self, was: Choose, now: Choose) -> Iterator[Change]:
        before = {str(b.when or ""): self.followed(b.next, was.end) for b in was.choose}
        here = {str(b.when or ""): self.follows(b.next, now.end) for b in now.choose}
        for written, *follows in match_by_key(before, here):
            if written:
                condition = WrittenCondition(written)
                yield from describe_swap(texts.WAY, *follows, condition=condition)
            else:
                yield from describe_swap(texts.OTHERWISE, *follows)
        if is_reordered(before, here):
            yield texts.ORDER, {}

    def waits(self, was: Wait, now: Wait) -> Iterator[Change]:
        before = {way.message: way for way in was.wait if way.message}
        here = {way.message: way for way in now.wait if way.message}
        for heard, ended, ends in match_by_key(before, here):
            message = name_message(heard)
            follows = (
                self.followed(ended.next, was.end) if ended else None,
                self.follows(ends.next, now.end) if ends else None,
            )
            yield from describe_swap(texts.HEARD, *follows, message=message)
            if ended and ends:
                senders = name_role(ended.sender), name_role(ends.sender)
                yield from describe_replaced(texts.SENDER, *senders, message=message)
        yield from self.waits_until(was, now)

    def waits_until(self, was: Wait, now: Wait) -> Iterator[Change]:
        nothing = WaitExit()
        one, other = was.after or nothing, now.after or nothing
        yield from compare_clocks(
            one.after, other.after, texts.AFTER, texts.AFTER_URGENCY
        )
        if one.after and other.after:
            before = self.followed(one.next, was.end)
            follows = self.follows(other.next, now.end)
            yield from describe_replaced(texts.AFTER_NEXT, before, follows)

    def block(self, was: Together, now: Together) -> Iterator[Change]:
        before = list(map(self.as_now, was.together))
        both = (texts.TOGETHER, texts.TOGETHER_NOT)
        yield from describe_members(
            both, before, now.together, "steps", self.step, self.step_by_new_id
        )
        each = [name_code(step.each) if step.each else None for step in (was, now)]
        yield from describe_swap(texts.EACH, each[0], each[1])

    # -- interrupts and tables

    def of_interrupts(self) -> Iterator[Difference]:
        old = {interrupt.on: interrupt for interrupt in self.old.interrupts.values()}
        new = {interrupt.on: interrupt for interrupt in self.new.interrupts.values()}
        for on, was, now in match_by_key(old, new):
            for sentence, values in self.interrupt(was, now):
                yield self.of_steps(sentence, message=name_message(on), **values)

    def interrupt(
        self, was: Interrupt | None, now: Interrupt | None
    ) -> Iterator[Change]:
        before = self.followed(was.next) if was else None
        follows = self.follows(now.next) if now else None
        yield from describe_swap(texts.INTERRUPT, before, follows)
        if was and now:
            kept = sorted(map(self.as_now, was.keeps)), sorted(now.keeps)
            both = (texts.KEEPS, texts.KEEPS_NOT)
            yield from describe_members(both, *kept, "steps", self.step_by_new_id)

    def of_tables(self) -> Iterator[Difference]:
        old, new = self.old.decisions, self.new.decisions
        for name, was, now in match_by_key(old, new):
            table: Mapping[str, Value] = {"table": NamedElement("table", name)}
            if was is None or now is None:
                yield Difference(
                    DifferenceTopic.TABLES,
                    texts.TABLE.new if now else texts.TABLE.gone,
                    table,
                )
                continue
            for sentence, values in compare_rows(was, now):
                yield Difference(DifferenceTopic.TABLES, sentence, {**table, **values})
