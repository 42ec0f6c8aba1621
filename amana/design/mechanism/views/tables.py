"""Decision tables: rows from the top, the first that fits says what follows."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.design.mechanism import actions, sentences, wording, writing
from amana.design.mechanism.forms import Ask, Line, Said, Several, as_text, of_words
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline, a_list, a_map, text
from amana.design.mechanism.pieces import Piece
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.editing import (
    ANY_METHOD,
    change,
    form_for,
    mine,
    missing,
    page,
    take,
    writing_at,
)
from amana.design.mechanism.views.reading import about, found
from amana.design.mechanism.writing import Files, Written
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAmong
from amana.ui.http import done, show
from amana.ui.once import once
from amana.ui.sentences import listed

TABLES = "mechanism/tables.html"
FORM = "mechanism/form.html"


def path_of(code: str) -> str:
    return f"decisions/{code}.yaml"


def table_of(seen: Outline, code: str) -> dict[str, Any]:
    if path_of(code) not in seen.plain:
        raise NotAmong(see_version, Version, {"code": code})
    return a_map(seen.plain[path_of(code)])


@require_GET
def tables(request: Request, pk: int) -> HttpResponse:
    version = found(request, pk)
    seen = wording.outline_of(version)
    shown = [
        {"code": code, **shown_table(seen, a_map(plain), code)}
        for path, plain in seen.plain.items()
        if path.startswith("decisions/")
        for code in [path.removeprefix("decisions/").removesuffix(".yaml")]
    ]
    context = about(request, version, seen, "tables")
    return show(request, TABLES, context | {"tables": shown})


def shown_table(seen: Outline, said: Mapping[str, Any], code: str) -> dict[str, Any]:
    inputs = [str(name) for name in a_list(said.get("inputs"))]
    rows = [a_map(row) for row in a_list(said.get("rows"))]
    return {
        "title": sentences.words(text(said.get("title"))) or sentences.readable(code),
        "inputs": [sentences.name_in_words(name) for name in inputs],
        "gives": sentences.name_in_words(str(said.get("gives", ""))),
        "rows": [shown_row(row, inputs, number) for number, row in enumerate(rows)],
    }


def shown_row(row: Mapping[str, Any], inputs: list[str], number: int) -> dict[str, Any]:
    when = a_map(row.get("when"))
    return {
        "number": number,
        "otherwise": bool(row.get("else")),
        # The row that always fits stays the last: no row after it would ever be tried.
        "may_rise": number > 0 and not row.get("else"),
        "cells": [
            (
                sentences.name_in_words(name),
                listed(sentences.code_in_words(str(c)) for c in a_list(when.get(name))),
            )
            for name in inputs
        ],
        "then": sentences.code_in_words(str(row.get("then", ""))),
        "because": sentences.words(text(row.get("because"))),
    }


def row_asks(
    seen: Outline, said: Mapping[str, Any], otherwise: bool
) -> tuple[Ask, ...]:
    known = seen.known()
    asked: tuple[Ask, ...] = (
        ()
        if otherwise
        else tuple(
            Several(
                f"when_{name}",
                sentences.name_in_words(name),
                hint=lazy("If none is ticked, this does not matter for the row."),
                offer=of_words(
                    {c: sentences.code_in_words(c) for c in known.get(name, [])}
                ),
            )
            for name in map(str, a_list(said.get("inputs")))
        )
    )
    return (
        *asked,
        Line(
            "then",
            lazy("Then"),
            hint=lazy("A code, such as urgent."),
            required=True,
            most=60,
            code=True,
        ),
        Said("because", lazy("Why"), lines=2),
    )


def spread(row: Any) -> dict[str, Any]:
    """Spread a row as a form asks for it: one question for each criterion."""
    said = a_map(row)
    when = a_map(said.pop("when", {}))
    return {**{f"when_{name}": condition for name, condition in when.items()}, **said}


def gathered(answers: Mapping[str, Any]) -> dict[str, Any]:
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
@once
def change_table(request: Request, pk: int, code: str) -> HttpResponse:
    """Change a table's title and its criteria."""
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    table_of(seen, code)
    names = {name: sentences.name_in_words(name) for name in seen.known()}
    piece = Piece(
        path_of(code),
        (),
        (
            Said("title", lazy("What is decided"), required=True),
            Several("inputs", lazy("Criteria"), required=True, offer=of_words(names)),
        ),
        lazy("Decision table"),
    )
    return change(request, draft, piece, then=page("tables", draft), here="tables")


@require_http_methods(ANY_METHOD)
@once
def change_row(request: Request, pk: int, code: str, row: int) -> HttpResponse:
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    said = table_of(seen, code)
    rows = a_list(said.get("rows"))
    if row >= len(rows):
        raise missing(code=code)
    asks = row_asks(seen, said, bool(a_map(rows[row]).get("else")))
    piece = Piece(
        path_of(code),
        ("rows", row),
        asks,
        _("Row %(n)s") % {"n": row + 1},
        opened=spread,
        closed=gathered,
    )
    return change(
        request,
        draft,
        piece,
        then=page("tables", draft),
        here="tables",
        more={"remove": page("remove_row", draft, code, row)},
    )


@require_http_methods(ANY_METHOD)
@once
def add_row(request: Request, pk: int, code: str) -> HttpResponse:
    """Add a row above the one that always fits."""
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    said = table_of(seen, code)
    piece = Piece(path_of(code), ("rows",), row_asks(seen, said, False), _("New row"))
    form = form_for(piece, seen, posted(request), None)
    if request.method == "POST" and form.is_valid():
        row = gathered(form.piece)
        # A row without a condition would fit always, and hide every row below it.
        if row["when"]:
            actions.edit(
                draft,
                lambda files: with_row(files, code, row),
                by=request.user,
                piece=path_of(code),
            )
            messages.success(request, _("Saved in the draft."))
            return done(request, then=page("tables", draft))
        form.add_error(None, _("Tick at least one answer for this row."))
    context = about(request, draft, seen, "tables", _("New row"))
    context |= {"form": form, "then": page("tables", draft)}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


def with_row(files: Files, code: str, row: Mapping[str, Any]) -> Written:
    # Where the last row is, is read in the same edit: a colleague may have added rows.
    rows = a_list(writing.piece(files, path_of(code), ("rows",)))
    last = next((n for n, row in enumerate(rows) if a_map(row).get("else")), len(rows))
    document = writing.Document(files[path_of(code)])
    document.insert(("rows",), last, dict(row))
    return {path_of(code): document.content()}


@require_http_methods(ANY_METHOD)
@once
def remove_row(request: Request, pk: int, code: str, row: int) -> HttpResponse:
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    table_of(seen, code)
    piece = Piece(path_of(code), ("rows", row), (), _("Row %(n)s") % {"n": row + 1})
    now = writing_at(seen, piece)
    if now is None:
        raise missing(code=code)
    if request.method == "POST":
        take(
            request,
            draft,
            piece,
            lambda files: writing.say(files, piece.path, piece.place, None),
        )
        return done(request, then=page("tables", draft))
    context = about(request, draft, seen, "tables", str(piece.title))
    context |= {
        "question": _("Remove this row?"),
        "what": sentences.words(text(a_map(now).get("because"))),
        "then": page("change_row", draft, code, row),
        "seen_piece": as_text(now),
    }
    return show(request, "mechanism/remove.html", context)


@require_POST
@once
def raise_row(request: Request, pk: int, code: str, row: int) -> HttpResponse:
    """Move a row one place up, where it is tried earlier."""
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    rows = a_list(table_of(seen, code).get("rows"))
    if not 0 < row < len(rows):
        raise missing(code=code)
    swapped = [*rows]
    swapped[row - 1], swapped[row] = swapped[row], swapped[row - 1]
    actions.edit(
        draft,
        lambda files: writing.say(files, path_of(code), ("rows",), swapped),
        by=request.user,
        piece=path_of(code),
        # All rows are compared, since a number alone could be another row by now.
        read=lambda files: writing.piece(files, path_of(code), ("rows",)),
        seen=rows,
    )
    return done(request, then=page("tables", draft))
