"""Changing a draft, piece by piece, by people who will never see a file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms as inputs
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.design.mechanism import (
    actions,
    labels,
    pieces,
    steps,
    version_contents,
    writing,
)
from amana.design.mechanism.actions import ChangedMeanwhile
from amana.design.mechanism.forms import (
    PieceForm,
    choose_code,
    encode_piece,
    list_step_choices,
    parse_code,
)
from amana.design.mechanism.meanwhile import (
    ConcurrentDifference,
    list_differences,
    merge_answers,
)
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline, read_list, read_map
from amana.design.mechanism.pieces import COLLECTIONS, PackPiece, PieceCollection
from amana.design.mechanism.rules import edit_version
from amana.design.mechanism.views.reader_pages import about
from amana.design.mechanism.writing import Files, Written
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

FORM = "mechanism/form.html"
ADD_STEP = "mechanism/add_step.html"
REMOVE = "mechanism/remove.html"
RENAME = "mechanism/rename.html"

ANY_METHOD = ["GET", "POST"]


def mine(request: Request, pk: int) -> Version:
    drafts = Version.objects.select_related("mechanism", "made_from")
    return edit_version.find(drafts, request.user, pk=pk)


def build_missing(**lookup: str) -> NotAccessible:
    return NotAccessible(edit_version, Version, lookup)


# --- one piece


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


def read_piece(seen: Outline, piece: PackPiece) -> Any:
    found: Any = seen.plain.get(piece.path)
    for key in piece.place:
        if isinstance(key, int):
            listed = read_list(found)
            found = listed[key] if key < len(listed) else None
        else:
            found = read_map(found).get(key)
    return found


def read_shown_piece(data: QueryDict | None, now: Any) -> Any:
    """Read what the piece was when the form was shown, as the form itself has it."""
    return now if data is None else PieceForm.told(data, otherwise=now)


def build_piece_form(
    piece: PackPiece, seen: Outline, data: Mapping[str, Any] | None, now: Any
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


# --- pieces of which there is one

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


# --- collections


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


def make_code(kept: PieceCollection, said: Any, taken: Iterable[str]) -> str:
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


def format_piece_title(seen: Outline, piece: PackPiece, now: Any) -> str:
    """Format what a piece is called, by its own first words."""
    first = piece.asks[0]
    said = now if piece.whole else read_map(now).get(first.name)
    return labels.choose_words(said) if isinstance(said, Mapping) else str(said or "")


# --- steps


def require_step(seen: Outline, key: str) -> None:
    if key not in seen.steps:
        raise build_missing(step=key)


@require_http_methods(ANY_METHOD)
@apply_once
def change_step(request: Request, pk: int, step: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    require_step(seen, step)
    return change(
        request,
        draft,
        pieces.build_step_piece(seen, step),
        then=build_page_address("step", draft, step),
        here="steps",
    )


@require_http_methods(ANY_METHOD)
@apply_once
def add_step(request: Request, pk: int, step: str, kind: str) -> HttpResponse:
    """Add a step after another, on one of the ways out of it."""
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    require_step(seen, step)
    places = list_ways_out(seen, step)
    # Where it leads is asked by the way that it is put on, not as a question of the
    # step.
    asks = [ask for ask in pieces.STEPS[kind] if ask.name not in ("next", "end")]
    form = PieceForm(posted(request), asks=asks, outline=seen, now=None)
    way = BranchForm(posted(request), places=places)
    if request.method == "POST" and form.is_valid() and way.is_valid():
        code = choose_code(read_map(form.piece).get("do") or kind, seen.steps, kind)
        actions.edit_draft(
            draft,
            lambda files: insert_step(files, seen, step, code, form.piece, way.place),
            by=request.user,
            piece=code,
            read=lambda files: writing.read_piece(
                files, pieces.PATHWAY, seen.steps[step].place
            ),
            seen=dict(seen.steps[step].plain),
        )
        messages.success(request, _("Step added to the draft."))
        return done(request, then=build_page_address("step", draft, code))
    before = labels.build_shown_step(seen, seen.steps[step])
    context = about(request, draft, seen, "steps", _("New step"))
    context |= {
        "form": form,
        "way": way,
        "before": before,
        "kinds": [
            (key, label, build_page_address("add_step", draft, step, key), key == kind)
            for key, label in labels.KIND.items()
            if key != "decide" or any(p.startswith("decisions/") for p in seen.plain)
            if key != "part" or seen.parts
        ],
        "then": build_page_address("step", draft, step),
    }
    return show(request, ADD_STEP, context, status=422 if form.is_bound else 200)


BESIDE = "beside"


def list_ways_out(seen: Outline, key: str) -> dict[str, tuple[str, writing.Place]]:
    """List, by a short name, what a way out of a step is called, and where it is
    written.
    """
    step = seen.steps[key]
    shown = labels.build_shown_step(seen, step)
    found: dict[str, tuple[str, writing.Place]] = {}
    for number, (place, to) in enumerate(steps.iterate_ways_out(step, step.place)):
        when = shown.ways[number].words if number < len(shown.ways) else ""
        goes = labels.format_step_title(seen, to) if to else _("the end")
        label = _("before “%(step)s”") % {"step": goes}
        found[f"way{number}"] = (f"{when}: {label}" if when else label, place)
    if step.kind == "together":
        found[BESIDE] = (_("at the same time as the others"), step.place)
    return found


class BranchForm(inputs.Form):
    """On which way the new step comes."""

    way = inputs.ChoiceField(widget=inputs.RadioSelect)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        places: Mapping[str, tuple[str, writing.Place]],
    ) -> None:
        first = next(iter(places), "")
        super().__init__(data, initial={"way": first})
        self.places = places
        field = self.fields["way"]
        assert isinstance(field, inputs.ChoiceField)
        field.label = _("Where to insert it")
        field.choices = [(key, label) for key, (label, _place) in places.items()]

    @property
    def place(self) -> tuple[str, writing.Place]:
        key = self.cleaned_data["way"]
        return key, self.places[key][1]


def insert_step(
    files: Files,
    seen: Outline,
    step: str,
    code: str,
    said: Any,
    where: tuple[str, writing.Place],
) -> Written:
    key, place = where
    if key == BESIDE:
        return steps.add_parallel_step(files, code, said, at=place)
    return steps.add_step(files, code, said, after=place)


@require_http_methods(ANY_METHOD)
@apply_once
def remove_step(request: Request, pk: int, step: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    require_step(seen, step)
    one = seen.steps[step]
    form = NextStepForm(posted(request), seen=seen, step=step)
    if request.method == "POST" and form.is_valid():
        piece = PackPiece(pieces.PATHWAY, one.place, (), "")
        leads_to = form.cleaned_data["leads_to"]
        take(
            request,
            draft,
            piece,
            lambda files: steps.remove_step(files, one.place, leads_to=leads_to),
        )
        return done(request, then=build_page_address("steps", draft))
    context = about(request, draft, seen, "steps", _("Remove a step"))
    context |= {
        "question": _("Remove this step?"),
        "what": labels.format_step_title(seen, step),
        "form": form,
        "before": [
            labels.build_shown_step(seen, other) for other in seen.leading_to(step)
        ],
        "then": build_page_address("step", draft, step),
        "seen_piece": encode_piece(dict(one.plain)),
    }
    return show(request, REMOVE, context, status=422 if form.is_bound else 200)


class NextStepForm(inputs.Form):
    """Where the way leads, once a step is gone."""

    leads_to = inputs.ChoiceField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, seen: Outline, step: str
    ) -> None:
        first = next((lead.to for lead in seen.steps[step].leads), "")
        super().__init__(data, initial={"leads_to": first})
        field = self.fields["leads_to"]
        assert isinstance(field, inputs.ChoiceField)
        field.label = _("What led to it now leads to")
        others = [(key, label) for key, label in list_step_choices(seen) if key != step]
        field.choices = [("", _("Nothing: it ends there")), *others]


@require_http_methods(ANY_METHOD)
@apply_once
def rename_step(request: Request, pk: int, step: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    require_step(seen, step)
    form = NewCodeForm(posted(request), initial={"code": step})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if code != step:
            actions.rename_step(draft, step, code, by=request.user)
        return done(request, then=build_page_address("step", draft, code))
    context = about(request, draft, seen, "steps", _("Change the code"))
    context |= {
        "form": form,
        "what": labels.format_step_title(seen, step),
        "then": build_page_address("step", draft, step),
    }
    return show(request, RENAME, context, status=422 if form.is_bound else 200)


class NewCodeForm(inputs.Form):
    code = inputs.CharField(max_length=60)

    def __init__(self, data: Mapping[str, Any] | None, **said: Any) -> None:
        super().__init__(data, **said)
        self.fields["code"].label = _("Code")

    def clean_code(self) -> str:
        return parse_code(self.cleaned_data["code"]).lower()
