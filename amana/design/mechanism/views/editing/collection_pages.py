"""Add, change and remove members of a collection."""

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.design.mechanism import actions, labels, version_contents, writing
from amana.design.mechanism.forms.piece_form import PieceForm, choose_code, encode_piece
from amana.design.mechanism.models.versions import Version
from amana.design.mechanism.outline import Outline, read_map
from amana.design.mechanism.pieces.collections_of_pieces import COLLECTIONS
from amana.design.mechanism.pieces.piece import PackPiece, PieceCollection
from amana.design.mechanism.views.editing.piece_pages import (
    ANY_METHOD,
    FORM,
    build_missing,
    build_page_address,
    build_piece_form,
    change,
    format_piece_name,
    mine,
    read_piece,
)
from amana.design.mechanism.views.reader_pages.version_pages import about
from amana.design.mechanism.writing import Files, Written
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

REMOVE = "mechanism/remove.html"


def get_collection(kind: str) -> PieceCollection:
    return COLLECTIONS[kind]


@require_http_methods(ANY_METHOD)
@apply_once
def change_one(request: Request, pk: int, kind: str, code: str) -> HttpResponse:
    draft = mine(request, pk)
    kept = get_collection(kind)
    if code not in kept.taken(version_contents.read_plain(draft)):
        raise build_missing(code=code)
    return change(
        request,
        draft,
        kept.piece(code),
        then=build_page_address(kept.page, draft),
        here=kept.page,
        more={"remove": build_page_address("remove_one", draft, kind, code)},
    )


@require_http_methods(ANY_METHOD)
@apply_once
def add_one(request: Request, pk: int, kind: str) -> HttpResponse:
    draft = mine(request, pk)
    kept = get_collection(kind)
    seen = version_contents.read_outline(draft)
    form = build_piece_form(kept.piece("", kept.one), seen, posted(request), None)
    if request.method == "POST" and form.is_valid():

        def added(files: Files) -> Written:
            # Taken codes are read from the files in the same edit: a colleague may just
            # have added one.
            taken = kept.taken({kept.path: writing.read_plain(files, kept.path)})
            code = make_code(kept, form.piece, taken)
            return writing.write_value(
                files, kept.path, (*kept.place, code), form.piece
            )

        actions.edit_draft(draft, added, by=request.user, piece=kind)
        messages.success(request, _("Saved in the draft."))
        return done(request, then=build_page_address(kept.page, draft))
    context = about(request, draft, seen, kept.page, str(kept.one))
    context |= {"form": form, "then": build_page_address(kept.page, draft)}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


def make_code(kept: PieceCollection, said: object, taken: Iterable[str]) -> str:
    """Make a code from its name or title; an indicator has a letter and a number."""
    if kept.new == "A01":
        numbers = [int(code[1:]) for code in taken if code[1:].isdecimal()]
        return f"A{max(numbers, default=0) + 1:02}"
    names = read_map(said)
    words = next(
        (
            names[name]
            for name in ("title", "name", "term", "instrument")
            if name in names
        ),
        said if kept.whole else names.get("on", ""),
    )
    return choose_code(words, taken, kept.new)


@require_http_methods(ANY_METHOD)
@apply_once
def remove_one(request: Request, pk: int, kind: str, code: str) -> HttpResponse:
    draft = mine(request, pk)
    kept = get_collection(kind)
    piece = kept.piece(code)
    seen = version_contents.read_outline(draft)
    now = read_piece(seen, piece)
    if now is None:
        raise build_missing(code=code)
    if request.method == "POST":

        def removed(files: Files) -> Mapping[str, bytes | None]:
            left = kept.taken({kept.path: writing.read_plain(files, kept.path)})
            # The last of a file that holds nothing else: the file goes, since an empty
            # one is a fault.
            if not kept.place and set(left) == {code}:
                return {kept.path: None}
            return writing.write_value(files, piece.path, piece.place, None)

        take(request, draft, piece, removed)
        return done(request, then=build_page_address(kept.page, draft))
    context = about(request, draft, seen, kept.page, str(kept.one))
    context |= {
        "question": _("Remove this?"),
        "what": format_piece_title(seen, piece, now),
        "then": build_page_address("change_one", draft, kind, code),
        "seen_piece": encode_piece(now),
    }
    return show(request, REMOVE, context)


def take(
    request: Request,
    draft: Version,
    piece: PackPiece,
    removed: actions.Change,
) -> None:
    actions.edit_draft(
        draft,
        removed,
        by=request.user,
        piece=format_piece_name(piece),
        read=lambda files: writing.read_piece(files, piece.path, piece.place),
        seen=PieceForm.told(request.POST, otherwise=None),
    )
    messages.success(request, _("Removed from the draft."))


def format_piece_title(seen: Outline, piece: PackPiece, now: object) -> str:
    """Format what a piece is called, by its own first words."""
    first = piece.asks[0]
    said = now if piece.whole else read_map(now).get(first.name)
    return labels.choose_words(said) if isinstance(said, Mapping) else str(said or "")
