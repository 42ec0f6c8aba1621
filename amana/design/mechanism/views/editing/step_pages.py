"""Add, change, rename and remove a step."""

from collections.abc import Mapping
from typing import Unpack

from django import forms as inputs
from django.contrib import messages
from django.http import HttpResponse
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
from amana.design.mechanism.forms.choices import list_step_choices
from amana.design.mechanism.forms.inputs import parse_code
from amana.design.mechanism.forms.piece_form import PieceForm, choose_code, encode_piece
from amana.design.mechanism.outline import Outline, read_map
from amana.design.mechanism.pieces.piece import PackPiece
from amana.design.mechanism.views.editing.collection_pages import REMOVE, take
from amana.design.mechanism.views.editing.piece_pages import (
    ANY_METHOD,
    build_missing,
    build_page_address,
    change,
    mine,
)
from amana.design.mechanism.views.reader_pages.version_pages import about
from amana.design.mechanism.writing import Files, Written
from amana.design.pathway.plain import Plain
from amana.trust.access.http import Request, posted
from amana.ui.form_options import FormOptions, Posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

ADD_STEP = "mechanism/add_step.html"


RENAME = "mechanism/rename.html"


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
            lambda files: insert_step(
                files, seen, step, code, read_map(form.piece), way.place
            ),
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
        data: Posted,
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
    said: Plain,
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

    def __init__(self, data: Posted, *, seen: Outline, step: str) -> None:
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

    def __init__(self, data: Posted, **said: Unpack[FormOptions]) -> None:
        super().__init__(data, **said)
        self.fields["code"].label = _("Code")

    def clean_code(self) -> str:
        return parse_code(self.cleaned_data["code"]).lower()
