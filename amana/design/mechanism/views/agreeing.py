"""From a draft to what all teams work by: discuss, sign, adopt, put in force."""

from dataclasses import dataclass
from typing import Any, Unpack

from django import forms as inputs
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.confined import NotRead
from amana.design.mechanism import actions, labels, pack_memory, sent, version_contents
from amana.design.mechanism.forms import list_hand_step_choices
from amana.design.mechanism.models import Comment, State, Version
from amana.design.mechanism.outline import Outline, read_map
from amana.design.mechanism.pack import files as packed
from amana.design.mechanism.pack_memory import FaultyPack
from amana.design.mechanism.rules import (
    LOADERS,
    discuss_version,
    edit_version,
    keep_mechanism,
    keep_version,
    see_version,
    settle_comment,
    sign_for_organisation,
)
from amana.design.mechanism.views.comparing import before_of, compare_versions
from amana.design.mechanism.views.reader_pages import about, build_address, found
from amana.faults import Fault
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Organisation
from amana.trust.access.rules import Denied, NotAccessible, has_role
from amana.ui.form_options import FormOptions, Posted
from amana.ui.http import asks_for_part, done, show
from amana.ui.once import answer_unless_done, apply_once

COMMENTS = "mechanism/comments.html"
ADOPTION = "mechanism/adoption.html"
IN_FORCE = "mechanism/in_force.html"
LOAD = "mechanism/load.html"
MOVING = "mechanism/moving.html"
DISCARD = "mechanism/discard.html"

ANY_METHOD = ["GET", "POST"]


def kept(request: Request, pk: int) -> Version:
    versions = Version.objects.select_related("mechanism", "made_from")
    return keep_version.find(versions, request.user, pk=pk)


# --- bringing files, beginning and ending a draft


class PackForm(inputs.Form):
    pack = inputs.FileField(
        label=lazy("Zip file"),
        help_text=lazy("As downloaded here or elsewhere, with every file of the pack."),
    )


@require_http_methods(ANY_METHOD)
@answer_unless_done
def load(request: Request) -> HttpResponse:
    """Load a mechanism from a zip; refused as a whole, with everything that is
    wrong.
    """
    if not has_role(request.user, LOADERS):
        raise Denied(keep_mechanism, request.user)
    form = PackForm(posted(request), request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        # One byte more than is allowed is enough to see that a file is too large.
        content = form.cleaned_data["pack"].read(packed.MOST_BYTES + 1)
        try:
            files, faults = sent.read_zip(content, by=request.user.pk)
        except NotRead as error:
            form.add_error("pack", str(error))
        else:
            if files is not None:
                pack_memory.read_files(files)
                return bring(request, files)
    context = {"form": form, "faults": labels.list_shown_faults(faults)}
    return show(request, LOAD, context, status=422 if form.is_bound else 200)


@apply_once
def bring(request: Request, files: packed.Files) -> HttpResponse:
    version = actions.load_draft(files, by=request.user)
    messages.success(request, _("The mechanism was loaded as a draft."))
    return done(request, then=build_address("version", version))


@require_POST
@apply_once
def begin(request: Request, pk: int) -> HttpResponse:
    draft = actions.begin_draft(kept(request, pk), by=request.user)
    messages.success(request, _("Draft started. It is not in use yet."))
    return done(request, then=build_address("version", draft))


@require_http_methods(ANY_METHOD)
@apply_once
def discard(request: Request, pk: int) -> HttpResponse:
    drafts = Version.objects.select_related("mechanism", "made_from")
    draft = edit_version.find(drafts, request.user, pk=pk)
    if request.method == "POST":
        actions.discard(draft, by=request.user)
        messages.success(request, _("Draft deleted."))
        return done(request, then="mechanism:versions")
    seen = version_contents.read_outline(draft)
    return show(request, DISCARD, about(request, draft, seen, "version"))


# --- discussing


@require_POST
@apply_once
def consult(request: Request, pk: int) -> HttpResponse:
    version = kept(request, pk)
    try:
        actions.open_consultation(version, by=request.user)
    except FaultyPack:
        messages.error(
            request, _("This version still has errors. They are listed here.")
        )
        return done(request, then=build_address("version", version) + "#faults")
    messages.success(
        request,
        _(
            "Consultation is open. Everyone can now read and "
            "comment, and the organisations named can sign."
        ),
    )
    return done(request, then=build_address("comments", version))


@require_POST
@apply_once
def take_back(request: Request, pk: int) -> HttpResponse:
    version = kept(request, pk)
    actions.return_to_draft(version, by=request.user)
    messages.success(request, _("This version is a draft again."))
    return done(request, then=build_address("version", version))


class CommentForm(inputs.Form):
    step = inputs.ChoiceField(label=lazy("About"), required=False)
    words = inputs.CharField(
        label=lazy("Your comment"),
        help_text=lazy("About the work only: nothing about any individual."),
        widget=inputs.Textarea({"rows": 4, "dir": "auto"}),
        max_length=4000,
    )

    def __init__(
        self, data: Posted, *, seen: Outline, **said: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **said)
        field = self.fields["step"]
        assert isinstance(field, inputs.ChoiceField)
        field.choices = [("", _("The whole version")), *list_hand_step_choices(seen)]


@dataclass(frozen=True)
class CommentThread:
    """What was said of one step, or of the whole."""

    step: str
    title: str
    comments: list[Comment]


@require_GET
def comments(request: Request, pk: int) -> HttpResponse:
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    form = CommentForm(None, seen=seen, initial={"step": request.GET.get("step", "")})
    return show(request, COMMENTS, discussion(request, version, seen, form))


def discussion(
    request: Request, version: Version, seen: Outline, form: CommentForm
) -> dict[str, object]:
    said: dict[str, list[Comment]] = {}
    for comment in version.comments.all().for_list():
        said.setdefault(comment.step, []).append(comment)
    return about(request, version, seen, "comments") | {
        "form": form,
        "groups": [
            CommentThread(
                step, labels.format_step_title(seen, step) if step else "", listed
            )
            for step, listed in said.items()
        ],
        "may_comment": discuss_version.permits(request.user, version),
        "may_settle": settle_comment.permits(request.user, version),
        "open": version.comments.all().open().count(),
    }


@require_POST
@apply_once
def comment(request: Request, pk: int) -> HttpResponse:
    versions = Version.objects.select_related("mechanism", "made_from")
    version = discuss_version.find(versions, request.user, pk=pk)
    seen = version_contents.read_outline(version)
    form = CommentForm(posted(request), seen=seen)
    if not form.is_valid():
        context = discussion(request, version, seen, form)
        return show(request, COMMENTS, context, status=422)
    said = form.cleaned_data
    actions.add_comment(version, said["words"], by=request.user, step=said["step"])
    messages.success(request, _("Thank you. Everyone can read your comment."))
    return done(request, then=build_address("comments", version))


@require_POST
@apply_once
def settle(request: Request, pk: int) -> HttpResponse:
    """Answer a comment."""
    comments = Comment.objects.select_related("version")
    said = settle_comment.find(comments, request.user, pk=pk)
    actions.answer_comment(
        said, by=request.user, answer=request.POST.get("answer", "")[:4000]
    )
    return done(request, then=build_address("comments", said.version))


# --- agreeing


@dataclass(frozen=True)
class SignatureStatus:
    """An organisation that the version names, and whether it has signed."""

    name: str
    organisation: Organisation | None
    signature: Any
    may_sign: bool


def was_shipped(version: Version, listed: list[SignatureStatus]) -> bool:
    """Return whether it was adopted as it was shipped: unsigned, and made from no
    other.
    """
    signed = all(signing.signature for signing in listed)
    return version.is_fixed and version.made_from_id is None and not signed


@require_GET
def adoption(request: Request, pk: int) -> HttpResponse:
    version = found(request, pk)
    moving = actions.find_move_progress(version, by=request.user)
    if asks_for_part(request):
        return show(request, MOVING, {"moving": moving, "version": version})
    seen = version_contents.read_outline(version)
    listed = signings(request, version, seen)
    context = about(request, version, seen, "adoption")
    if before := before_of(request, version):
        context |= compare_versions(version, seen, before) | {"before": before}
    context |= {
        "signings": listed,
        "moving": moving,
        "all_signed": all(signing.signature for signing in listed),
        "adopted": version.state in (State.ADOPTED, State.IN_FORCE, State.SUPERSEDED),
        "shipped": was_shipped(version, listed),
    }
    return show(request, ADOPTION, context)


def signings(
    request: Request, version: Version, seen: Outline
) -> list[SignatureStatus]:
    here = version_contents.map_signatories(version)
    organisations = Organisation.objects.in_bulk(here.values())
    mine = sign_for_organisation.among(Organisation.objects.all(), request.user)
    may = set(mine.filter(pk__in=here.values()).values_list("pk", flat=True))
    # Only signatures under this very text count: it may have changed since the others.
    given = version.signatures.filter(sha256=version.sha256).select_related("by")
    signed = {signature.organisation_id: signature for signature in given}
    listed = []
    for code in version_contents.list_signing_codes(version):
        organisation = organisations.get(here.get(code, 0))
        key = organisation.pk if organisation else 0
        listed.append(
            SignatureStatus(
                name=str(read_map(seen.organisations.get(code)).get("name", code)),
                organisation=organisation,
                signature=signed.get(key),
                may_sign=version.state == State.CONSULTATION
                and key in may
                and key not in signed,
            )
        )
    return listed


@require_POST
@apply_once
def sign(request: Request, pk: int, organisation: int) -> HttpResponse:
    version = found(request, pk)
    whose = sign_for_organisation.find(
        Organisation.objects.all(), request.user, pk=organisation
    )
    actions.sign(
        version,
        organisation=whose,
        # The hash that was on the page: no one signs a text other than the one they
        # read.
        sha256=request.POST.get("sha256", ""),
        by=request.user,
    )
    messages.success(
        request, _("“%(organisation)s” has signed.") % {"organisation": whose}
    )
    return done(request, then=build_address("adoption", version))


@require_POST
@apply_once
def adopt(request: Request, pk: int) -> HttpResponse:
    version = kept(request, pk)
    actions.adopt(version, by=request.user)
    messages.success(
        request, _("This version is adopted. Its text can no longer change.")
    )
    return done(request, then=build_address("put_in_force", version))


@require_http_methods(ANY_METHOD)
@apply_once
def put_in_force(request: Request, pk: int) -> HttpResponse:
    """Show what would be left without a place, and then put the version in force."""
    version = kept(request, pk)
    if version.state != State.ADOPTED:
        raise NotAccessible(see_version, Version, {"pk": pk, "state": State.ADOPTED})
    if request.method == "POST":
        actions.put_in_force(version, by=request.user)
        messages.success(request, _("This version is now in force for everyone."))
        return done(request, then=build_address("adoption", version))
    seen = version_contents.read_outline(version)
    context = about(request, version, seen, "adoption")
    context |= {
        "unplaced": actions.list_unplaced(version, by=request.user),
        "was": version.mechanism.versions.in_force().first(),
        "back": reverse("mechanism:adoption", args=[pk]),
    }
    return show(request, IN_FORCE, context)
