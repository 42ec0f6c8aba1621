"""Change one piece, or one of which there is only one."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.design.mechanism import actions, pieces, version_contents, writing
from amana.design.mechanism.actions.drafting import ChangedMeanwhile
from amana.design.mechanism.forms.piece_form import PieceForm
from amana.design.mechanism.meanwhile import (
    ConcurrentDifference,
    list_differences,
    merge_answers,
)
from amana.design.mechanism.models.versions import Version
from amana.design.mechanism.outline import Outline, read_list, read_map
from amana.design.mechanism.pieces.piece import PackPiece
from amana.design.mechanism.rules import edit_version
from amana.design.mechanism.views.reader_pages.version_pages import about
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.form_options import Posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

FORM = "mechanism/form.html"


ANY_METHOD = ["GET", "POST"]


def mine(request: Request, pk: int) -> Version:
    drafts = Version.objects.select_related("mechanism", "made_from")
    return edit_version.find(drafts, request.user, pk=pk)


def build_missing(**lookup: str) -> NotAccessible:
    return NotAccessible(edit_version, Version, lookup)


def change(
    request: Request,
    draft: Version,
    piece: PackPiece,
    *,
    then: str,
    here: str,
    title: object = "",
    template: str = FORM,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Ask about a piece and write the answers; or show what a colleague wrote
    meanwhile.
    """
    seen = version_contents.read_outline(draft)
    now = piece.opened(read_piece(seen, piece))
    data = posted(request)
    stood = read_shown_piece(data, now)
    form = build_piece_form(piece, seen, data, stood)
    differences: list[ConcurrentDifference] = []
    status = 200
    if data is not None and form.is_valid():
        try:
            write(request, draft, piece, form)
        except ChangedMeanwhile as changed:
            differences = list_differences(piece.asks, stood, changed.now, piece.whole)
            # Their answers and the colleague's are shown together, at each question
            # that differs.
            form = build_piece_form(
                piece,
                seen,
                merge_answers(data, form, stood, changed.now, seen),
                changed.now,
            )
            status = 409
        else:
            messages.success(request, _("Saved in the draft."))
            return done(request, then=then)
    elif data is not None:
        status = 422
    context = about(request, draft, seen, here, str(title or piece.title))
    context |= {"form": form, "differences": differences, "then": then, **(more or {})}
    return show(request, template, context, status=status)


def read_piece(seen: Outline, piece: PackPiece) -> object:
    found: object = seen.plain.get(piece.path)
    for key in piece.place:
        if isinstance(key, int):
            listed = read_list(found)
            found = listed[key] if key < len(listed) else None
        else:
            found = read_map(found).get(key)
    return found


def read_shown_piece(data: QueryDict | None, now: object) -> object:
    """Read what the piece was when the form was shown, as the form itself has it."""
    return now if data is None else PieceForm.told(data, otherwise=now)


def build_piece_form(
    piece: PackPiece, seen: Outline, data: Posted, now: object
) -> PieceForm:
    return PieceForm(data, asks=piece.asks, outline=seen, now=now, whole=piece.whole)


def write(request: Request, draft: Version, piece: PackPiece, form: PieceForm) -> None:
    actions.edit_draft(
        draft,
        lambda files: writing.write_value(
            files, piece.path, piece.place, piece.closed(form.piece)
        ),
        by=request.user,
        piece=format_piece_name(piece),
        # Compared under the lock in which it is written: what the form showed must
        # still be there.
        read=lambda files: piece.opened(
            writing.read_piece(files, piece.path, piece.place)
        ),
        seen=form.now,
    )


def format_piece_name(piece: PackPiece) -> str:
    """Format the piece for the log: the file and the place in it, which are codes."""
    return ":".join([piece.path, ".".join(str(key) for key in piece.place)])


def build_page_address(name: str, draft: Version, *more: str | int) -> str:
    return reverse(f"mechanism:{name}", args=[draft.pk, *more])


ONLY = {
    "about": (pieces.ABOUT, "version"),
    "calendar": (pieces.CALENDAR, "clocks"),
    "sharing": (pieces.SHARING, "sharing"),
    **{f"clocks-{key}": (piece, "clocks") for key, piece in pieces.CLOCKS.items()},
    **{f"capacity-{key}": (count, "foresight") for key, count in pieces.COUNTS.items()},
}


@require_http_methods(ANY_METHOD)
@apply_once
def only(request: Request, pk: int, part: str) -> HttpResponse:
    draft = mine(request, pk)
    piece, where = ONLY[part]
    return change(
        request, draft, piece, then=build_page_address(where, draft), here=where
    )
