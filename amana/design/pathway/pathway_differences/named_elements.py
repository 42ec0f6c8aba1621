"""Steps, rows, roles and clocks as a sentence names them."""

from collections.abc import Iterator, Mapping

from amana.design.pathway.decisions import DecisionTable, DecisionTableRow
from amana.design.pathway.pathway_differences import difference_texts as texts
from amana.design.pathway.pathway_differences.difference import (
    Change,
    NamedElement,
    ReplacementTexts,
    Value,
    WrittenCondition,
    describe_members,
    describe_swap,
    is_reordered,
    match_by_key,
)
from amana.design.pathway.pathway_model import EMPTY, Clock, Codes

NO_CLOCK = Clock(EMPTY)
URGENCIES = ("U0", "U1", "U2", "U3")


def compare_given(
    was: Mapping[str, Codes],
    now: Mapping[str, Codes],
    sentences: tuple[str, str, str, str],
) -> Iterator[Change]:
    """Compare names that are given and were not, and the other way round; then their
    codes.
    """
    names = sorted(was), sorted(now)
    yield from describe_members(sentences[:2], *names, "names", name_code)
    for name in now:
        # A name that is new has no codes from before; it has been reported above.
        codes = was.get(name, now[name]), now[name]
        yield from describe_members(
            sentences[2:], *codes, "codes", name_code, name=name_code(name)
        )


def compare_rows(was: DecisionTable, now: DecisionTable) -> Iterator[Change]:
    before = {format_row_condition(row): row for row in was.rows}
    here = {format_row_condition(row): row for row in now.rows}
    found: list[Change] = []
    for written, *rows in match_by_key(before, here):
        answers = [name_code(row.then) if row else None for row in rows]
        for sentence, values in describe_swap(texts.ROW, *answers):
            if written:
                condition = WrittenCondition(written)
                found.append((sentence, {**values, "condition": condition}))
            else:
                found.append((texts.ROW_OTHERWISE, values))
    if is_reordered(before, here):
        found.append((texts.ROW_ORDER, {}))
    if any(before[w].because != here[w].because for w in before if w in here):
        found.append((texts.ROW_BECAUSE, {}))
    yield from found
    # Organisations sign what they are shown: a difference without a sentence of its own
    # must not go unmentioned.
    if not found and was != now:
        yield texts.TABLE.other, {}


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
    **about: Value,
) -> Iterator[Change]:
    """Compare clocks: one sentence if the length was and is the same for all, else one
    by urgency.
    """
    was, now = was or NO_CLOCK, now or NO_CLOCK
    if not any(urgency for urgency in (*was.spans, *now.spans)):
        yield from describe_swap(ways, was.same_for_all, now.same_for_all, **about)
        return
    for urgency in URGENCIES:
        spans = was.span(urgency), now.span(urgency)
        yield from describe_swap(
            by_urgency, *spans, **about, urgency=name_code(urgency)
        )
