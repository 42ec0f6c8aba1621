"""Who is meant by the names in a mechanism: organisations, and the teams of roles."""

from django import forms as inputs
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from amana.design.directory.forms import list_area_choices
from amana.design.directory.models import Area
from amana.design.mechanism import actions, labels, version_contents
from amana.design.mechanism.forms import list_role_choices as roles_of
from amana.design.mechanism.models import Mechanism, RolePlayer, Version
from amana.design.mechanism.outline import Outline, read_list
from amana.design.mechanism.rules import keep_mechanism
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Organisation, Team
from amana.ui.http import done, show
from amana.ui.once import apply_once

TEAMS = "mechanism/teams.html"
SEATS = "mechanism/seats.html"


def kept(request: Request, pk: int) -> Mechanism:
    return keep_mechanism.find(Mechanism.objects.all(), request.user, pk=pk)


def find_latest(mechanism: Mechanism) -> Version | None:
    """Find the version in force, or else the newest: its names are meant."""
    versions = mechanism.versions.all()
    return versions.in_force().first() or versions.order_by("-number").first()


def list_outlines(mechanism: Mechanism) -> list[Outline]:
    """List the outlines of what is in force and of every version that comes after
    it.
    """
    now = mechanism.versions.in_force().first()
    # Also those still to come: their roles can be filled before they are in force.
    later = mechanism.versions.order_by("number")
    wanted = later.filter(number__gte=now.number) if now else later
    return [version_contents.read_outline(version) for version in wanted]


class RolePlayerField(inputs.ModelChoiceField[Team]):
    def label_from_instance(self, obj: Team) -> str:
        return f"{obj.organisation.name}: {obj.name}"


class RolePlayerForm(inputs.Form):
    role = inputs.ChoiceField(label=lazy("Role"))
    team = RolePlayerField(Team.objects.none(), label=lazy("Team"))
    area = inputs.ChoiceField(
        label=lazy("Area"),
        required=False,
        help_text=lazy("Leave empty for everywhere."),
    )

    def __init__(self, data: object, *, seen: list[Outline]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        roles = dict(role for outline in seen for role in roles_of(outline))
        role, team, area = (self.fields[name] for name in ("role", "team", "area"))
        assert isinstance(role, inputs.ChoiceField)
        assert isinstance(team, inputs.ModelChoiceField)
        assert isinstance(area, inputs.ChoiceField)
        role.choices = list(roles.items())
        team.queryset = Team.objects.select_related("organisation").order_by(
            "organisation__name", "name"
        )
        area.choices = list_area_choices(empty=_("Everywhere"))


@require_http_methods(["GET", "POST"])
@apply_once
def teams(request: Request, pk: int) -> HttpResponse:
    """Show which team plays which role, and change it."""
    mechanism = kept(request, pk)
    seen = list_outlines(mechanism)
    form = RolePlayerForm(posted(request), seen=seen)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.give_part(
            mechanism,
            said["role"],
            said["team"],
            area=Area.objects.filter(code=said["area"]).first(),
            by=request.user,
        )
        messages.success(request, _("The team has this role now."))
        return done(request, then=reverse("mechanism:teams", args=[pk]))
    context = {
        "mechanism": mechanism,
        "form": form,
        "rows": list_role_teams(mechanism, seen),
    }
    return show(request, TEAMS, context, status=422 if form.is_bound else 200)


def list_role_teams(
    mechanism: Mechanism, seen: list[Outline]
) -> list[dict[str, object]]:
    """List each role, the organisations that may play it, and the teams that do."""
    parts: dict[str, list[RolePlayer]] = {}
    for part in mechanism.parts.all().for_list():
        parts.setdefault(part.role, []).append(part)
    roles = {key: outline for outline in seen for key in outline.roles}
    return [
        {
            "title": labels.format_role_title(outline, role),
            "may": [
                str(outline.organisations.get(str(code), {}).get("name", code))
                for code in read_list(outline.roles[role].get("who"))
            ],
            "parts": parts.get(role, []),
        }
        for role, outline in roles.items()
    ]


@require_POST
@apply_once
def end_part(request: Request, pk: int) -> HttpResponse:
    parts = RolePlayer.objects.select_related("mechanism")
    part = keep_mechanism.find(parts, request.user, pk=pk)
    mechanism = part.mechanism_id
    actions.end_part(part, by=request.user)
    return done(request, then=reverse("mechanism:teams", args=[mechanism]))


class RoleHolderForm(inputs.Form):
    """Each organisation of the pack, and which one here is meant."""

    def __init__(
        self, data: object, *, names: dict[str, str], seats: dict[str, int]
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for code, name in names.items():
            field = inputs.ModelChoiceField(
                Organisation.objects.order_by("name"),
                label=name,
                required=False,
                empty_label=_("No organisation yet"),
                initial=seats.get(code),
            )
            self.fields[f"seat_{code}"] = field


@require_http_methods(["GET", "POST"])
@apply_once
def seats(request: Request, pk: int) -> HttpResponse:
    mechanism = kept(request, pk)
    names = {
        code: str(organisation.get("name", code))
        for seen in list_outlines(mechanism)
        for code, organisation in seen.organisations.items()
    }
    here = dict(mechanism.seats.values_list("code", "organisation"))
    form = RoleHolderForm(posted(request), names=names, seats=here)
    if request.method == "POST" and form.is_valid():
        for code in names:
            meant = form.cleaned_data[f"seat_{code}"]
            # Only what was changed is recorded in the log.
            if here.get(code) != (meant.pk if meant else None):
                actions.bind_organisation(mechanism, code, meant, by=request.user)
        messages.success(request, _("Responsible organisations saved."))
        return done(request, then=reverse("mechanism:seats", args=[pk]))
    context = {"mechanism": mechanism, "form": form, "version": find_latest(mechanism)}
    return show(request, SEATS, context, status=422 if form.is_bound else 200)
