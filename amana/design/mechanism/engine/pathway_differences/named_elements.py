"""Steps, rows, roles and clocks as a sentence names them."""

from collections.abc import Iterator, Mapping

from amana.design.mechanism.engine.decisions import DecisionTable, DecisionTableRow
from amana.design.mechanism.engine.pathway import Clock, Codes
from amana.design.mechanism.engine.pathway_differences.difference_texts import (
    NO_CLOCK,
    ROW,
    ROW_BECAUSE,
    ROW_ORDER,
    ROW_OTHERWISE,
    TABLE,
    URGENCIES,
    Change,
    NamedElement,
    ReplacementTexts,
    Value,
    WrittenCondition,
    describe_swap,
)


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
