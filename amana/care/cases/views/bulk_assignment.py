"""Several cases at once: assign them to a colleague, print their sheets."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from amana.care.cases import actions, case_exports
from amana.care.cases.forms import AssignForm
from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.cases.views import case_lists
from amana.care.cases.views.case import load_overview, open_case
from amana.care.cases.views.case_lookup import find_cases
from amana.care.lists import saved
from amana.care.lists.picking import AT_MOST, PickedRows, read_picked
from amana.trust.access.http import Request, require_pace
from amana.trust.access.models import KEYHOLDERS, Membership, User
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.ui.http import done, show
from amana.ui.labels import format_list
from amana.ui.once import apply_once

ASSIGN, SHEETS = "cases/assign_together.html", "cases/sheets.html"
NONE = "lists/none_picked.html"


@require_POST
def together(request: Request) -> HttpResponse:
    """Take what was chosen in a list, and begin what is to be done with it."""
    found = picked_cases(request)
    back = back_to(request)
    if found.too_many or not found.rows:
        context = {"too_many": found.too_many, "most": AT_MOST, "back": back}
        return show(request, NONE, context, status=422)
    if request.POST.get("do") == "print":
        return exports.show_reason_page(
            request, case_exports.SHEETS, [case.pk for case in found.rows]
        )
    return show_assign(
        request, found.rows, AssignForm(workers=find_workers(found.rows))
    )


@require_POST
@apply_once
def assign(request: Request) -> HttpResponse:
    """Assign each of the chosen cases; report which were refused, and why."""
    chosen = picked_cases(request).rows
    form = AssignForm(request.POST, workers=find_workers(chosen))
    if not form.is_valid():
        return show_assign(request, chosen, form, status=422)
    refused = actions.assign_together(
        chosen,
        form.cleaned_data["worker"],
        part=form.cleaned_data["part"],
        by=request.user,
    )
    report_assigned(request, len(chosen) - len(refused), refused)
    return done(request, then=back_to(request))


def report_assigned(
    request: HttpRequest, count: int, refused: list[actions.NotAssigned]
) -> None:
    """Report how many were assigned; and those that were not, by their reasons."""
    if count:
        said = ngettext("%(count)s case assigned.", "%(count)s cases assigned.", count)
        messages.success(request, said % {"count": count})
    reasons: dict[str, list[str]] = {}
    for refusal in refused:
        reasons.setdefault(refusal.reason, []).append(refusal.case.reference)
    for reason, references in reasons.items():
        words = {"cases": format_list(references), "reason": reason}
        messages.warning(request, _("Not assigned: %(cases)s. %(reason)s") % words)


def show_assign(
    request: Request, chosen: list[Case], form: AssignForm, status: int = 200
) -> HttpResponse:
    context = {
        "rows": case_lists.list_rows(chosen, request.user),
        "form": form,
        "back": back_to(request),
        **came_from(request),
    }
    return show(request, ASSIGN, context, status=status)


def show_sheets(request: Request, export: Export) -> HttpResponse:
    """Show one sheet for each case. Each is opened, and that is in its access list."""
    require_pace(request)
    sheets: list[dict[str, object]] = []
    for pk in export.taken:
        opened = open_case(request, pk, purpose="print")
        sheets.append(opened.head() | load_overview(opened, request))
    back = reverse("cases:mine")
    if len(sheets) == 1:
        back = reverse("cases:case", args=[export.taken[0]])
    return show(request, SHEETS, {"sheets": sheets, "back": back, "export": export})


def picked_cases(request: Request) -> PickedRows[Case]:
    seen = see_case.among(find_cases(), request.user).order_by("due_at", "pk")
    return read_picked(request, seen, lambda asked: everything(request, asked))


def everything(request: Request, asked: QueryDict) -> QuerySet[Case] | None:
    """Find all that a list finds by an address of its own."""
    user, code = request.user, request.POST.get("list", "")
    known = saved.LISTS.get(code)
    wanted = known.read(user, "", asked) if known else None
    if wanted is None or code not in case_lists.EVERY:
        return None
    now = timezone.now()
    found = case_lists.EVERY[code](user, wanted, now)
    # One more than allowed: that there are too many is seen without counting them all.
    return found.filter(wanted.where(now)).order_by(*wanted.key)[: AT_MOST + 1]


def find_workers(chosen: list[Case]) -> QuerySet[User]:
    """Find the colleagues of the teams that own these cases."""
    teams = {case.team_id for case in chosen}
    held = Membership.objects.holding(KEYHOLDERS).filter(team__in=teams)
    people = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return people.order_by("name", "pk")


def came_from(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("list", "query")}


def back_to(request: HttpRequest) -> str:
    """Build the address of the list from which it began, as it was."""
    here = reverse("cases:team" if request.POST.get("list") == "team" else "cases:mine")
    query = QueryDict(request.POST.get("query", ""))
    return f"{here}?{query.urlencode() or 'view=all'}"
