"""Decision tables: rows from the top, the first that fits says what follows."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.design.mechanism import actions, labels, version_contents, writing
from amana.design.mechanism.forms import (
    ChoicesInput,
    LineInput,
    PieceInput,
    TranslatedInput,
    encode_piece,
    make_offer,
)
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline, read_list, read_map, read_text
from amana.design.mechanism.pieces import PackPiece
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.editing import (
    ANY_METHOD,
    build_missing,
    build_page_address,
    build_piece_form,
    change,
    mine,
    read_piece,
    take,
)
from amana.design.mechanism.views.reader_pages import about, found
from amana.design.mechanism.writing import Files, Written
from amana.design.pathway.plain import Plain
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.labels import format_list
from amana.ui.once import apply_once

TABLES = "mechanism/tables.html"
FORM = "mechanism/form.html"


def build_path(code: str) -> str:
    return f"decisions/{code}.yaml"


def get_table(seen: Outline, code: str) -> dict[str, Any]:
    if build_path(code) not in seen.plain:
        raise NotAccessible(see_version, Version, {"code": code})
    return read_map(seen.plain[build_path(code)])


@require_GET
def tables(request: Request, pk: int) -> HttpResponse:
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    shown = [
        {"code": code, **build_shown_table(seen, read_map(plain), code)}
        for path, plain in seen.plain.items()
        if path.startswith("decisions/")
        for code in [path.removeprefix("decisions/").removesuffix(".yaml")]
    ]
    context = about(request, version, seen, "tables")
    return show(request, TABLES, context | {"tables": shown})


def build_shown_table(seen: Outline, said: Plain, code: str) -> dict[str, object]:
    inputs = [str(name) for name in read_list(said.get("inputs"))]
    rows = [read_map(row) for row in read_list(said.get("rows"))]
    return {
        "title": labels.choose_words(read_text(said.get("title")))
        or labels.format_code_without_words(code),
        "inputs": [labels.format_name(name) for name in inputs],
        "gives": labels.format_name(str(said.get("gives", ""))),
        "rows": [
            build_shown_row(row, inputs, number) for number, row in enumerate(rows)
        ],
    }


def build_shown_row(
    row: Mapping[str, object], inputs: list[str], number: int
) -> dict[str, object]:
    when = read_map(row.get("when"))
    return {
        "number": number,
        "otherwise": bool(row.get("else")),
        # The row that always fits stays the last: no row after it would ever be tried.
        "may_rise": number > 0 and not row.get("else"),
        "cells": [
            (
                labels.format_name(name),
                format_list(
                    labels.format_code(str(c)) for c in read_list(when.get(name))
                ),
            )
            for name in inputs
        ],
        "then": labels.format_code(str(row.get("then", ""))),
        "because": labels.choose_words(read_text(row.get("because"))),
    }


def list_row_questions(
    seen: Outline, said: Plain, otherwise: bool
) -> tuple[PieceInput, ...]:
    known = seen.known()
    asked: tuple[PieceInput, ...] = (
        ()
        if otherwise
        else tuple(
            ChoicesInput(
                f"when_{name}",
                labels.format_name(name),
                hint=lazy("If none is ticked, this does not matter for the row."),
                offer=make_offer(
                    {c: labels.format_code(c) for c in known.get(name, [])}
                ),
            )
            for name in map(str, read_list(said.get("inputs")))
        )
    )
    return (
        *asked,
        LineInput(
            "then",
            lazy("Then"),
            hint=lazy("A code, such as urgent."),
            required=True,
            most=60,
            code=True,
        ),
        TranslatedInput("because", lazy("Why"), lines=2),
    )


def spread_row(row: object) -> dict[str, object]:
    """Spread a row as a form asks for it: one question for each criterion."""
    said = read_map(row)
    when = read_map(said.pop("when", {}))
    return {**{f"when_{name}": condition for name, condition in when.items()}, **said}


def gather_answers(answers: Plain) -> dict[str, object]:
    """Gather the answers as a row is written in the file."""
    when = {
        # One value is written without a list, as people write it by hand.
        name.removeprefix("when_"): answer[0] if len(answer) == 1 else answer
        for name, answer in answers.items()
        if name.startswith("when_") and answer
    }
    rest = {k: answer for k, answer in answers.items() if not k.startswith("when_")}
    return rest if rest.get("else") else {"when": when, **rest}


@require_http_methods(ANY_METHOD)
@apply_once
def change_table(request: Request, pk: int, code: str) -> HttpResponse:
    """Change a table's title and its criteria."""
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    get_table(seen, code)
    names = {name: labels.format_name(name) for name in seen.known()}
    piece = PackPiece(
        build_path(code),
        (),
        (
            TranslatedInput("title", lazy("What is decided"), required=True),
            ChoicesInput(
                "inputs", lazy("Criteria"), required=True, offer=make_offer(names)
            ),
        ),
        lazy("Decision table"),
    )
    return change(
        request, draft, piece, then=build_page_address("tables", draft), here="tables"
    )


@require_http_methods(ANY_METHOD)
@apply_once
def change_row(request: Request, pk: int, code: str, row: int) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    said = get_table(seen, code)
    rows = read_list(said.get("rows"))
    if row >= len(rows):
        raise build_missing(code=code)
    asks = list_row_questions(seen, said, bool(read_map(rows[row]).get("else")))
    piece = PackPiece(
        build_path(code),
        ("rows", row),
        asks,
        _("Row %(n)s") % {"n": row + 1},
        opened=spread_row,
        closed=gather_answers,
    )
    return change(
        request,
        draft,
        piece,
        then=build_page_address("tables", draft),
        here="tables",
        more={"remove": build_page_address("remove_row", draft, code, row)},
    )


@require_http_methods(ANY_METHOD)
@apply_once
def add_row(request: Request, pk: int, code: str) -> HttpResponse:
    """Add a row above the one that always fits."""
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    said = get_table(seen, code)
    piece = PackPiece(
        build_path(code), ("rows",), list_row_questions(seen, said, False), _("New row")
    )
    form = build_piece_form(piece, seen, posted(request), None)
    if request.method == "POST" and form.is_valid():
        row = gather_answers(read_map(form.piece))
        # A row without a condition would fit always, and hide every row below it.
        if row["when"]:
            actions.edit_draft(
                draft,
                lambda files: insert_row(files, code, row),
                by=request.user,
                piece=build_path(code),
            )
            messages.success(request, _("Saved in the draft."))
            return done(request, then=build_page_address("tables", draft))
        form.add_error(None, _("Tick at least one answer for this row."))
    context = about(request, draft, seen, "tables", _("New row"))
    context |= {"form": form, "then": build_page_address("tables", draft)}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


def insert_row(files: Files, code: str, row: Mapping[str, object]) -> Written:
    # Where the last row is, is read in the same edit: a colleague may have added rows.
    rows = read_list(writing.read_piece(files, build_path(code), ("rows",)))
    last = next(
        (n for n, row in enumerate(rows) if read_map(row).get("else")), len(rows)
    )
    document = writing.YAMLDocument(files[build_path(code)])
    document.insert(("rows",), last, dict(row))
    return {build_path(code): document.content()}


@require_http_methods(ANY_METHOD)
@apply_once
def remove_row(request: Request, pk: int, code: str, row: int) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    get_table(seen, code)
    piece = PackPiece(
        build_path(code), ("rows", row), (), _("Row %(n)s") % {"n": row + 1}
    )
    now = read_piece(seen, piece)
    if now is None:
        raise build_missing(code=code)
    if request.method == "POST":
        take(
            request,
            draft,
            piece,
            lambda files: writing.write_value(files, piece.path, piece.place, None),
        )
        return done(request, then=build_page_address("tables", draft))
    context = about(request, draft, seen, "tables", str(piece.title))
    context |= {
        "question": _("Remove this row?"),
        "what": labels.choose_words(read_text(read_map(now).get("because"))),
        "then": build_page_address("change_row", draft, code, row),
        "seen_piece": encode_piece(now),
    }
    return show(request, "mechanism/remove.html", context)


@require_POST
@apply_once
def raise_row(request: Request, pk: int, code: str, row: int) -> HttpResponse:
    """Move a row one place up, where it is tried earlier."""
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    rows = read_list(get_table(seen, code).get("rows"))
    if not 0 < row < len(rows):
        raise build_missing(code=code)
    swapped = [*rows]
    swapped[row - 1], swapped[row] = swapped[row], swapped[row - 1]
    actions.edit_draft(
        draft,
        lambda files: writing.write_value(files, build_path(code), ("rows",), swapped),
        by=request.user,
        piece=build_path(code),
        # All rows are compared, since a number alone could be another row by now.
        read=lambda files: writing.read_piece(files, build_path(code), ("rows",)),
        seen=rows,
    )
    return done(request, then=build_page_address("tables", draft))
