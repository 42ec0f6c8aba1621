"""Read an XLSForm."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from amana.design.forms.engine import htcds
from amana.design.forms.engine.checking import FormChecks
from amana.design.forms.engine.form_faults import SheetSource, UnreadablePart
from amana.design.forms.engine.form_model import (
    ABOUT_THE_DEVICE,
    COMPARTMENTS,
    SELECTS,
    Choice,
    Form,
    Item,
    Kind,
    Question,
    QuestionGroup,
    Words,
)
from amana.design.forms.engine.reading.cell_reader import CellReader
from amana.design.forms.engine.reading.xlsform_faults import (
    BAD_NAME,
    CHOICE,
    CHOICE_BAD_NAME,
    CHOICE_NO_LABEL,
    CHOICE_NO_LIST,
    CHOICE_NO_NAME,
    CHOICE_TWICE,
    COLUMNS,
    DEEPEST,
    EMPTY,
    HTCDS,
    KINDS,
    MOST_CHOICES,
    MOST_ROWS,
    NAME,
    NO_CALCULATION,
    NO_COLUMN,
    NO_COMPARTMENTS,
    NO_LIST,
    NO_NAME,
    NO_SHEET,
    NO_TYPE,
    NOT_CLOSED,
    NOT_DONE,
    NOT_OPEN,
    OR_OTHER,
    RESERVED,
    SPELLINGS,
    TAKEN_NAME,
    TOO_DEEP,
    TOO_LONG,
    TOO_MANY_WORDS,
    TWICE,
    UNKNOWN_LIST,
    UNKNOWN_TYPE,
    UNSUPPORTED,
    WRONG_END,
    OpenGroup,
    get_stem,
    parse_language_code,
)
from amana.design.forms.engine.workbook import Row, Sheets, list_rows, read_sheets
from amana.faults import Fault, find_near_name


def read_form(
    xlsx: bytes, *, name: str, opened: Callable[[bytes], Sheets] = read_sheets
) -> tuple[Form | None, list[Fault]]:
    """Read the form; None and every fault where it has some. `name` is what faults call
    the file, `opened` finds the sheets in it."""
    reading = XLSFormReader(name)
    try:
        found = opened(xlsx)
    except UnreadablePart as broken:
        return None, [Fault(name, None, broken.sentence, broken.values)]
    form = reading.form(found, hashlib.sha256(xlsx).hexdigest())
    faults = sorted(reading.faults, key=get_sort_key)
    return (None if faults else form), faults


def get_sort_key(fault: Fault) -> tuple[int, int]:
    sheet = str(fault.where[0]) if fault.where else ""
    return ("", "survey", "choices", "settings").index(sheet), fault.line or 0


class XLSFormReader(CellReader):
    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.rows_of: dict[str, int] = {}
        self.lists: dict[str, list[Choice]] = {}
        self.columns: set[str] = set()

    # the sheets

    def form(self, found: Mapping[str, list[list[str]]], sha256: str) -> Form | None:
        if "survey" not in found:
            self.add([Fault(self.file, None, NO_SHEET, {"sheet": "survey"})])
            return None
        heads = [head.strip() for head in (found["survey"] or [[]])[0]]
        if not self.headings(heads):
            return None
        settings = next(iter(list_rows(found.get("settings", []))), (1, {}))[1]
        self.default_language = parse_language_code(
            settings.get("default_language", "")
        )
        # The choices before the questions, which name their lists.
        self.choices(found.get("choices", []))
        survey = list_rows(found["survey"])
        if len(survey) > MOST_ROWS:
            self.report(MOST_ROWS, TOO_LONG, most=MOST_ROWS)
            return None
        items = self.items(survey)
        form = Form(
            name=settings.get("form_id")
            or settings.get("id_string")
            or get_stem(self.file),
            title=self.title(settings),
            version=settings.get("version", ""),
            languages=tuple(self.languages),
            items=inherit_compartments(tuple(items)),
            instance_name=self.tree(2, settings, "instance_name", "settings"),
            root=settings.get("name", "data"),
            sha256=sha256,
        )
        checks = FormChecks(
            form,
            file=self.file,
            names=frozenset(self.rows_of),
            with_compartments="compartment" in self.columns,
        )
        self.add(checks.whole())
        return form

    def title(self, settings: Mapping[str, str]) -> Words:
        """Read `form_title`, which has one language in XLSForm; in others it is under
        `heading::Français (fr)`."""
        # pyxform breaks on `form_title::…`, so translated titles need a heading of
        # another name.
        code = self.default_language or next(iter(self.languages), "")
        title = settings.get("form_title") or get_stem(self.file)
        return {code: title} | self.words(settings, "heading")

    def headings(self, heads: list[str]) -> bool:
        """Check that the columns are there at all; those misspelt are named."""
        bare = {head.split("::")[0].strip() for head in heads if head}
        self.columns = bare
        missing = [column for column in ("type", "name") if column not in bare]
        for column in missing:
            self.report(1, NO_COLUMN, head=column)
        if not missing and "compartment" not in bare:
            self.report(1, NO_COMPARTMENTS, known=", ".join(COMPARTMENTS))
        for head in bare - set(COLUMNS):
            if head in UNSUPPORTED:
                self.report(1, NOT_DONE, head=head)
            # Other columns are the author's own.
            elif find_near_name(head, COLUMNS, likeness=0.8):
                self.check_known(1, NO_COLUMN, head, COLUMNS, called="head")
        return not missing

    def choices(self, sheet: list[list[str]]) -> None:
        found = list_rows(sheet)
        if len(found) > MOST_CHOICES:
            self.report(MOST_CHOICES, TOO_LONG, sheet="choices", most=MOST_CHOICES)
            return
        seen: set[tuple[str, str]] = set()
        for number_, row in found:
            list_name = row.get("list_name") or row.get("list name") or ""
            name = row.get("name") or row.get("value") or ""
            choice = self.choice(number_, row, list_name, name)
            if choice is None:
                continue
            if (list_name, name) in seen:
                self.report(
                    number_, CHOICE_TWICE, sheet="choices", list=list_name, name=name
                )
            seen.add((list_name, name))
            self.lists.setdefault(list_name, []).append(choice)

    def choice(
        self, number_: int, row: Mapping[str, str], list_name: str, name: str
    ) -> Choice | None:
        if not list_name:
            self.report(number_, CHOICE_NO_LIST, sheet="choices")
            return None
        if not name:
            self.report(number_, CHOICE_NO_NAME, sheet="choices")
            return None
        if not CHOICE.fullmatch(name):
            self.report(number_, CHOICE_BAD_NAME, sheet="choices", name=name)
        label = self.words(row, "label")
        if not label:
            self.report(number_, CHOICE_NO_LABEL, sheet="choices", name=name)
        own = ("list_name", "list name", "name", "value", "label")
        columns = {k: v for k, v in row.items() if "::" not in k and k not in own}
        return Choice(name, label, columns)

    # the rows

    def items(self, survey: list[Row]) -> list[Item]:
        whole = QuestionGroup("", 0, ())
        stack = [OpenGroup((0, {}), False, whole)]
        for number_, row in survey:
            kind = " ".join(row.get("type", "").split())
            verb, _, what = kind.replace("_", " ", 1).partition(" ")
            what = what.strip().lower()
            if verb in ("begin", "end") and what in ("group", "repeat"):
                if verb == "begin":
                    stack.append(self.opened((number_, row), what == "repeat"))
                    if len(stack) == DEEPEST:
                        # And no further: each level more is one of the stack later.
                        self.report(number_, TOO_DEEP, most=DEEPEST - 1)
                        return []
                elif len(stack) == 1:
                    self.report(number_, NOT_OPEN)
                else:
                    self.closed(stack, number_, what == "repeat")
            elif question := self.question(number_, row, kind):
                stack[-1].items.append(question)
        for left in stack[1:]:
            self.report(left.row[0], NOT_CLOSED, name=left.group.name)
        # Closed all the same, so that their questions are checked too.
        while len(stack) > 1:
            self.close(stack)
        if not stack[0].items and not self.faults:
            self.report(1, EMPTY)
        return stack[0].items

    def closed(self, stack: list[OpenGroup], number_: int, repeats: bool) -> None:
        last = stack[-1]
        if last.repeats != repeats:
            kinds = {True: "repeat", False: "group"}
            self.report(
                number_,
                WRONG_END,
                ends=kinds[repeats],
                name=last.group.name,
                row=last.row[0],
                **{"is": kinds[last.repeats]},
            )
        self.close(stack)

    def close(self, stack: list[OpenGroup]) -> None:
        last = stack.pop()
        group = replace(last.group, items=tuple(last.items))
        stack[-1].items.append(group)

    def opened(self, row: Row, repeats: bool) -> OpenGroup:
        number_, said = row
        group = QuestionGroup(
            name=self.named(number_, said),
            row=number_,
            items=(),
            label=self.words(said, "label"),
            hint=self.words(said, "hint"),
            relevant=self.tree(number_, said, "relevant"),
            repeats=repeats,
            count=self.tree(number_, said, "repeat_count") if repeats else None,
            appearance=said.get("appearance", ""),
            compartment=self.compartment(number_, said),
        )
        return OpenGroup(row, repeats, group)

    def named(self, number_: int, row: Mapping[str, str]) -> str:
        name = row.get("name", "")
        if not name:
            self.report(number_, NO_NAME)
            # A name of its own, so that reading can continue and report the faults of
            # the other rows too.
            return f"row {number_}"
        if not NAME.fullmatch(name):
            self.report(number_, BAD_NAME, name=name)
        elif name in RESERVED:
            self.report(number_, TAKEN_NAME, name=name)
        elif htcds.is_misnamed(name):
            fault = SheetSource(self.file).fault((number_, ""), HTCDS, name=name)
            self.add([replace(fault, near=htcds.suggest_name(name))])
        if name in self.rows_of:
            self.report(number_, TWICE, name=name, row=self.rows_of[name])
            return f"{name} row {number_}"
        self.rows_of[name] = number_
        return name

    def question(
        self, number_: int, row: Mapping[str, str], kind: str
    ) -> Question | None:
        if not kind:
            if row.get("name") or self.words(row, "label"):
                self.report(number_, NO_TYPE)
            return None  # a row for the author alone
        name = self.named(number_, row)
        typed, list_name = self.kind(number_, kind)
        if typed is None:
            return None
        if typed == "calculate" and "calculation" not in row:
            self.report(number_, NO_CALCULATION, name=name)
        return Question(
            name=name,
            kind=typed,
            row=number_,
            label=self.words(row, "label"),
            hint=self.hint(row),
            choices=tuple(self.lists.get(list_name, ())),
            list_name=list_name,
            relevant=self.tree(number_, row, "relevant"),
            required=self.yes_no(number_, row, "required"),
            required_message=self.words(row, "required_message"),
            constraint=self.tree(number_, row, "constraint"),
            constraint_message=self.words(row, "constraint_message"),
            calculation=self.tree(number_, row, "calculation"),
            choice_filter=self.tree(number_, row, "choice_filter"),
            default=self.default(number_, row),
            read_only=self.is_read_only(row),
            appearance=row.get("appearance", ""),
            parameters=self.parameters(number_, row, typed),
            compartment=self.compartment(number_, row),
            source=row.get("source", ""),
        )

    def kind(self, number_: int, kind: str) -> tuple[Kind | None, str]:
        for spelt, ours in SPELLINGS.items():
            if kind.lower() == spelt or kind.lower().startswith(spelt + " "):
                kind = ours + kind[len(spelt) :]
                break
        first, *rest = kind.split(" ")
        if first not in KINDS:
            known = {*KINDS, "begin_group", "begin_repeat"} - {first}
            self.check_known(number_, UNKNOWN_TYPE, first, known, called="type")
            return None, ""
        typed: Any = first
        if first not in SELECTS:
            if rest:
                self.report(number_, TOO_MANY_WORDS, type=kind)
            return typed, ""
        if not rest:
            self.report(number_, NO_LIST, type=first)
            return typed, ""
        if "or_other" in rest[1:]:
            self.report(number_, OR_OTHER)
        elif len(rest) > 1:
            self.report(number_, TOO_MANY_WORDS, type=kind)
        self.check_known(number_, UNKNOWN_LIST, rest[0], self.lists, called="list")
        return typed, rest[0]


def inherit_compartments(items: tuple[Item, ...], around: str = "") -> tuple[Item, ...]:
    """Give each question the compartment of its nearest group, if it has none
    itself."""
    given: list[Item] = []
    for item in items:
        own = item.compartment or around
        if isinstance(item, QuestionGroup):
            inner = inherit_compartments(item.items, own)
            given.append(replace(item, compartment=own, items=inner))
        # Also inside a group with a compartment: what is about the device is never
        # sealed with a person's answers.
        elif item.kind in ABOUT_THE_DEVICE:
            given.append(replace(item, compartment=""))
        else:
            given.append(replace(item, compartment=own))
    return tuple(given)
