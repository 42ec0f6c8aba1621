"""Inviting people into a cohort: by a link for many, or by a list."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amana.academy.cohorts import actions, invitation_links
from amana.academy.cohorts.forms import InvitationLinkForm, InvitationListForm
from amana.academy.cohorts.models import Cohort, CohortInvitation
from amana.academy.cohorts.rules import lead_its_cohort
from amana.academy.cohorts.views.cohort_pages import led
from amana.errors import Refused
from amana.trust.access.http import Request, posted, within_limit
from amana.ui.http import done, show
from amana.ui.once import apply_once

type View = Callable[..., HttpResponse]

INVITATIONS, SENT = "cohorts/invitations.html", "cohorts/list_sent.html"


@dataclass(frozen=True)
class InvitationLine:
    """An invitation as those who lead the cohort see it."""

    row: CohortInvitation
    address: str
    """Where many may come in by it."""
    person: str
    """To whom it was mailed."""


def build_line(row: CohortInvitation) -> InvitationLine:
    content = invitation_links.read_content(row)
    if content is None:
        return InvitationLine(row, "", "")
    if row.is_mailed:
        return InvitationLine(row, "", content.address)
    return InvitationLine(row, invitation_links.build_address(content.token), "")


def limit_lists(view: View) -> View:
    """Limit how many lists one person sends. Goes outside the transaction of
    `apply_once`: what is rolled back was never counted."""

    @wraps(view)
    def take(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not within_limit(request, "invite_list", user=request.user):
            raise Refused(_("You have sent many lists today. Continue tomorrow."))
        return view(request, *args, **kwargs)

    return take


@never_cache
@require_http_methods(["GET", "POST"])
@apply_once
def invitations(request: Request, pk: int) -> HttpResponse:
    """Show the invitations of a cohort, and make a link."""
    cohort = led(request, pk)
    form = InvitationLinkForm(posted(request), initial=suggest_link(cohort))
    if form.is_valid():
        try:
            actions.make_invitation(cohort, **form.cleaned_data, by=request.user)
        except Refused as reason:
            form.add_error("expires_on", str(reason))
        else:
            return done(request, then=build_url(cohort))
    return invitations_page(request, cohort, form, InvitationListForm(cohort.language))


def suggest_link(cohort: Cohort) -> dict[str, object]:
    return {"places": cohort.capacity, "expires_on": cohort.open_until}


def invitations_page(
    request: Request,
    cohort: Cohort,
    form: InvitationLinkForm,
    list_form: InvitationListForm,
) -> HttpResponse:
    rows = cohort.invitations.order_by("-made_at", "-pk")
    lines = [build_line(row) for row in rows]
    context = {
        "cohort": cohort,
        "links": [line for line in lines if not line.row.is_mailed],
        "mailed": [line for line in lines if line.row.is_mailed],
        "form": form,
        "list_form": list_form,
    }
    bound = form.is_bound or list_form.is_bound
    return show(request, INVITATIONS, context, status=422 if bound else 200)


def build_url(cohort: Cohort) -> str:
    return reverse("cohorts:invitations", args=[cohort.pk])


@never_cache
@limit_lists
@require_POST
@apply_once
def send_list(request: Request, pk: int) -> HttpResponse:
    """Invite everyone on a list who can be invited, and show the other lines, each with
    its reason, to be corrected and sent again."""
    cohort = led(request, pk)
    form = InvitationListForm(cohort.language, posted(request), request.FILES)
    found = form.found
    if found is None:
        empty = InvitationLinkForm(initial=suggest_link(cohort))
        return invitations_page(request, cohort, empty, form)
    refused = actions.invite_listed(cohort, found.people, by=request.user)
    problems = [*found.problems, *refused]
    problems.sort(key=lambda problem: problem.line)
    left = "\n".join(problem.said for problem in problems)
    context = {
        "cohort": cohort,
        "invited": len(found.people) - len(refused),
        "problems": problems,
        "list_form": InvitationListForm(cohort.language, initial={"people": left}),
    }
    return show(request, SENT, context)


def find_invitation(request: Request, pk: int) -> CohortInvitation:
    rows = CohortInvitation.objects.select_related("cohort")
    return lead_its_cohort.find(rows, request.user, pk=pk)


@require_POST
@apply_once
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = find_invitation(request, pk)
    actions.withdraw_invitation(found, by=request.user)
    return done(request, then=build_url(found.cohort))


@require_POST
@apply_once
def again(request: Request, pk: int) -> HttpResponse:
    found = find_invitation(request, pk)
    actions.mail_again(found, by=request.user)
    return done(request, then=build_url(found.cohort))
