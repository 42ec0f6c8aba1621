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
    pieces,
    sentences,
    steps,
    wording,
    writing,
)
from amana.design.mechanism.actions import ChangedMeanwhile
from amana.design.mechanism.forms import (
    PieceForm,
    all_steps,
    as_code,
    as_text,
    code_for,
)
from amana.design.mechanism.meanwhile import Difference, differing, woven
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline, a_list, a_map
from amana.design.mechanism.pieces import COLLECTIONS, Collection, Piece
from amana.design.mechanism.rules import edit_version
from amana.design.mechanism.views.reading import about
from amana.design.mechanism.writing import Files, Written
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAmong
from amana.ui.http import done, show
from amana.ui.once import once

FORM = "mechanism/form.html"
ADD_STEP = "mechanism/add_step.html"
REMOVE = "mechanism/remove.html"
RENAME = "mechanism/rename.html"

ANY_METHOD = ["GET", "POST"]


def mine(request: Request, pk: int) -> Version:
    drafts = Version.objects.select_related("mechanism", "made_from")
    return edit_version.find(drafts, request.user, pk=pk)


def missing(**lookup: str) -> NotAmong:
    return NotAmong(edit_version, Version, lookup)


# --- one piece


def change(
    request: Request,
    draft: Version,
    piece: Piece,
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
    seen = wording.outline_of(draft)
    now = piece.opened(writing_at(seen, piece))
    data = posted(request)
    stood = told(data, now)
    form = form_for(piece, seen, data, stood)
    differences: list[Difference] = []
    status = 200
    if data is not None and form.is_valid():
        try:
            write(request, draft, piece, form)
        except ChangedMeanwhile as changed:
            differences = differing(piece.asks, stood, changed.now, piece.whole)
            # Their answers and the colleague's are shown together, at each question
            # that differs.
            form = form_for(
                piece,
                seen,
                woven(data, form, stood, changed.now, seen),
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


def writing_at(seen: Outline, piece: Piece) -> Any:
    found: Any = seen.plain.get(piece.path)
    for key in piece.place:
        if isinstance(key, int):
            listed = a_list(found)
            found = listed[key] if key < len(listed) else None
        else:
            found = a_map(found).get(key)
    return found


def told(data: QueryDict | None, now: Any) -> Any:
    """Read what the piece was when the form was shown, as the form itself has it."""
    return now if data is None else PieceForm.told(data, otherwise=now)


def form_for(
    piece: Piece, seen: Outline, data: Mapping[str, Any] | None, now: Any
) -> PieceForm:
    return PieceForm(data, asks=piece.asks, outline=seen, now=now, whole=piece.whole)


def write(request: Request, draft: Version, piece: Piece, form: PieceForm) -> None:
    actions.edit(
        draft,
        lambda files: writing.say(
            files, piece.path, piece.place, piece.closed(form.piece)
        ),
        by=request.user,
        piece=named(piece),
        # Compared under the lock in which it is written: what the form showed must
        # still be there.
        read=lambda files: piece.opened(writing.piece(files, piece.path, piece.place)),
        seen=form.now,
    )


def named(piece: Piece) -> str:
    """Format the piece for the log: the file and the place in it, which are codes."""
    return ":".join([piece.path, ".".join(str(key) for key in piece.place)])


def page(name: str, draft: Version, *more: str | int) -> str:
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
@once
def only(request: Request, pk: int, part: str) -> HttpResponse:
    draft = mine(request, pk)
    piece, where = ONLY[part]
    return change(request, draft, piece, then=page(where, draft), here=where)


# --- collections


def collection_of(kind: str) -> Collection:
    return COLLECTIONS[kind]


@require_http_methods(ANY_METHOD)
@once
def change_one(request: Request, pk: int, kind: str, code: str) -> HttpResponse:
    draft = mine(request, pk)
    kept = collection_of(kind)
    if code not in kept.taken(wording.plain_of(draft)):
        raise missing(code=code)
    return change(
        request,
        draft,
        kept.piece(code),
        then=page(kept.page, draft),
        here=kept.page,
        more={"remove": page("remove_one", draft, kind, code)},
    )


@require_http_methods(ANY_METHOD)
@once
def add_one(request: Request, pk: int, kind: str) -> HttpResponse:
    draft = mine(request, pk)
    kept = collection_of(kind)
    seen = wording.outline_of(draft)
    form = form_for(kept.piece("", kept.one), seen, posted(request), None)
    if request.method == "POST" and form.is_valid():

        def added(files: Files) -> Written:
            # Taken codes are read from the files in the same edit: a colleague may just
            # have added one.
            taken = kept.taken({kept.path: writing.plain(files, kept.path)})
            code = new_code(kept, form.piece, taken)
            return writing.say(files, kept.path, (*kept.place, code), form.piece)

        actions.edit(draft, added, by=request.user, piece=kind)
        messages.success(request, _("Saved in the draft."))
        return done(request, then=page(kept.page, draft))
    context = about(request, draft, seen, kept.page, str(kept.one))
    context |= {"form": form, "then": page(kept.page, draft)}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


def new_code(kept: Collection, said: Any, taken: Iterable[str]) -> str:
    """Make a code from its name or title; an indicator has a letter and a number."""
    if kept.new == "A01":
        numbers = [int(code[1:]) for code in taken if code[1:].isdecimal()]
        return f"A{max(numbers, default=0) + 1:02}"
    names = a_map(said)
    words = next(
        (
            names[name]
            for name in ("title", "name", "term", "instrument")
            if name in names
        ),
        said if kept.whole else names.get("on", ""),
    )
    return code_for(words, taken, kept.new)


@require_http_methods(ANY_METHOD)
@once
def remove_one(request: Request, pk: int, kind: str, code: str) -> HttpResponse:
    draft = mine(request, pk)
    kept = collection_of(kind)
    piece = kept.piece(code)
    seen = wording.outline_of(draft)
    now = writing_at(seen, piece)
    if now is None:
        raise missing(code=code)
    if request.method == "POST":

        def removed(files: Files) -> Mapping[str, bytes | None]:
            left = kept.taken({kept.path: writing.plain(files, kept.path)})
            # The last of a file that holds nothing else: the file goes, since an empty
            # one is a fault.
            if not kept.place and set(left) == {code}:
                return {kept.path: None}
            return writing.say(files, piece.path, piece.place, None)

        take(request, draft, piece, removed)
        return done(request, then=page(kept.page, draft))
    context = about(request, draft, seen, kept.page, str(kept.one))
    context |= {
        "question": _("Remove this?"),
        "what": title_in(seen, piece, now),
        "then": page("change_one", draft, kind, code),
        "seen_piece": as_text(now),
    }
    return show(request, REMOVE, context)


def take(
    request: Request,
    draft: Version,
    piece: Piece,
    removed: actions.Change,
) -> None:
    actions.edit(
        draft,
        removed,
        by=request.user,
        piece=named(piece),
        read=lambda files: writing.piece(files, piece.path, piece.place),
        seen=PieceForm.told(request.POST, otherwise=None),
    )
    messages.success(request, _("Removed from the draft."))


def title_in(seen: Outline, piece: Piece, now: Any) -> str:
    """Format what a piece is called, by its own first words."""
    first = piece.asks[0]
    said = now if piece.whole else a_map(now).get(first.name)
    return sentences.words(said) if isinstance(said, Mapping) else str(said or "")


# --- steps


def step_in(seen: Outline, key: str) -> None:
    if key not in seen.steps:
        raise missing(step=key)


@require_http_methods(ANY_METHOD)
@once
def change_step(request: Request, pk: int, step: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    step_in(seen, step)
    return change(
        request,
        draft,
        pieces.step_piece(seen, step),
        then=page("step", draft, step),
        here="steps",
    )


@require_http_methods(ANY_METHOD)
@once
def add_step(request: Request, pk: int, step: str, kind: str) -> HttpResponse:
    """Add a step after another, on one of the ways out of it."""
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    step_in(seen, step)
    places = ways_after(seen, step)
    # Where it leads is asked by the way that it is put on, not as a question of the
    # step.
    asks = [ask for ask in pieces.STEPS[kind] if ask.name not in ("next", "end")]
    form = PieceForm(posted(request), asks=asks, outline=seen, now=None)
    way = WayForm(posted(request), places=places)
    if request.method == "POST" and form.is_valid() and way.is_valid():
        code = code_for(a_map(form.piece).get("do") or kind, seen.steps, kind)
        actions.edit(
            draft,
            lambda files: put_in(files, seen, step, code, form.piece, way.place),
            by=request.user,
            piece=code,
            read=lambda files: writing.piece(
                files, pieces.PATHWAY, seen.steps[step].place
            ),
            seen=dict(seen.steps[step].plain),
        )
        messages.success(request, _("Step added to the draft."))
        return done(request, then=page("step", draft, code))
    before = sentences.shown(seen, seen.steps[step])
    context = about(request, draft, seen, "steps", _("New step"))
    context |= {
        "form": form,
        "way": way,
        "before": before,
        "kinds": [
            (key, label, page("add_step", draft, step, key), key == kind)
            for key, label in sentences.KIND.items()
            if key != "decide" or any(p.startswith("decisions/") for p in seen.plain)
            if key != "part" or seen.parts
        ],
        "then": page("step", draft, step),
    }
    return show(request, ADD_STEP, context, status=422 if form.is_bound else 200)


BESIDE = "beside"


def ways_after(seen: Outline, key: str) -> dict[str, tuple[str, writing.Place]]:
    """List, by a short name, what a way out of a step is called, and where it is
    written.
    """
    step = seen.steps[key]
    shown = sentences.shown(seen, step)
    found: dict[str, tuple[str, writing.Place]] = {}
    for number, (place, to) in enumerate(steps.ways_out(step, step.place)):
        when = shown.ways[number].words if number < len(shown.ways) else ""
        goes = sentences.title_of(seen, to) if to else _("the end")
        label = _("before “%(step)s”") % {"step": goes}
        found[f"way{number}"] = (f"{when}: {label}" if when else label, place)
    if step.kind == "together":
        found[BESIDE] = (_("at the same time as the others"), step.place)
    return found


class WayForm(inputs.Form):
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


def put_in(
    files: Files,
    seen: Outline,
    step: str,
    code: str,
    said: Any,
    where: tuple[str, writing.Place],
) -> Written:
    key, place = where
    if key == BESIDE:
        return steps.add_beside(files, code, said, at=place)
    return steps.add(files, code, said, after=place)


@require_http_methods(ANY_METHOD)
@once
def remove_step(request: Request, pk: int, step: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    step_in(seen, step)
    one = seen.steps[step]
    form = AfterForm(posted(request), seen=seen, step=step)
    if request.method == "POST" and form.is_valid():
        piece = Piece(pieces.PATHWAY, one.place, (), "")
        leads_to = form.cleaned_data["leads_to"]
        take(
            request,
            draft,
            piece,
            lambda files: steps.remove(files, one.place, leads_to=leads_to),
        )
        return done(request, then=page("steps", draft))
    context = about(request, draft, seen, "steps", _("Remove a step"))
    context |= {
        "question": _("Remove this step?"),
        "what": sentences.title_of(seen, step),
        "form": form,
        "before": [sentences.shown(seen, other) for other in seen.leading_to(step)],
        "then": page("step", draft, step),
        "seen_piece": as_text(dict(one.plain)),
    }
    return show(request, REMOVE, context, status=422 if form.is_bound else 200)


class AfterForm(inputs.Form):
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
        others = [(key, label) for key, label in all_steps(seen) if key != step]
        field.choices = [("", _("Nothing: it ends there")), *others]


@require_http_methods(ANY_METHOD)
@once
def rename_step(request: Request, pk: int, step: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = wording.outline_of(draft)
    step_in(seen, step)
    form = CodeForm(posted(request), initial={"code": step})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if code != step:
            actions.rename_step(draft, step, code, by=request.user)
        return done(request, then=page("step", draft, code))
    context = about(request, draft, seen, "steps", _("Change the code"))
    context |= {
        "form": form,
        "what": sentences.title_of(seen, step),
        "then": page("step", draft, step),
    }
    return show(request, RENAME, context, status=422 if form.is_bound else 200)


class CodeForm(inputs.Form):
    code = inputs.CharField(max_length=60)

    def __init__(self, data: Mapping[str, Any] | None, **said: Any) -> None:
        super().__init__(data, **said)
        self.fields["code"].label = _("Code")

    def clean_code(self) -> str:
        return as_code(self.cleaned_data["code"]).lower()
