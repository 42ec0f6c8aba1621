"""Several referrals at once: those of an inbox are handed to a colleague, and all that
one received or sent are printed."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from amana.care.lists.picking import AT_MOST, PickedRows, read_picked
from amana.care.referrals import actions, referral_exports
from amana.care.referrals.forms import HandoverColleagueForm
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import answer_referral, follow_referral
from amana.care.referrals.views import referral_lists
from amana.care.referrals.views.one import sheet_of
from amana.trust.access.http import Request, require_pace
from amana.trust.access.models import User
from amana.trust.access.rules import find_members_answering
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.ui.http import done, show
from amana.ui.labels import format_list
from amana.ui.once import apply_once
from amana.ui.paging import PreparedRows

ASSIGN, NONE = "referrals/assign_together.html", "lists/none_picked.html"
SHEETS = "referrals/sheets.html"


@require_POST
def together(request: Request) -> HttpResponse:
    """Do with the referrals chosen in a list what the form asks for."""
    found = picked_referrals(request)
    if found.too_many or not found.rows:
        context = {
            "too_many": found.too_many,
            "most": AT_MOST,
            "back": back_to(request),
        }
        return show(request, NONE, context, status=422)
    if request.POST.get("do") == "print" or is_sent(request):
        chosen = [referral.pk for referral in found.rows]
        return exports.show_reason_page(request, referral_exports.REFERRALS, chosen)
    form = HandoverColleagueForm(colleagues=find_colleagues_for(found.rows))
    return show_assign(request, found.rows, form)


@require_POST
@apply_once
def assign(request: Request) -> HttpResponse:
    """Assign each of the chosen referrals; report which were refused, and why."""
    chosen = picked_referrals(request).rows
    form = HandoverColleagueForm(request.POST, colleagues=find_colleagues_for(chosen))
    if not form.is_valid():
        return show_assign(request, chosen, form, status=422)
    refused = actions.assign_together(
        chosen, to=form.cleaned_data["colleague"], by=request.user
    )
    report_assigned(request, len(chosen) - len(refused), refused)
    return done(request, then=back_to(request))


def report_assigned(
    request: HttpRequest, count: int, refused: list[actions.NotHandedOver]
) -> None:
    """Report how many were assigned, and those that were not, by their reasons."""
    if count:
        said = ngettext(
            "%(count)s referral assigned.", "%(count)s referrals assigned.", count
        )
        messages.success(request, said % {"count": count})
    reasons: dict[str, list[str]] = {}
    for refusal in refused:
        reasons.setdefault(refusal.reason, []).append(refusal.referral.case.reference)
    for reason, references in reasons.items():
        words = {"referrals": format_list(references), "reason": reason}
        said = _("Not assigned: %(referrals)s. %(reason)s") % words
        messages.warning(request, said)


def show_assign(
    request: Request,
    chosen: list[Referral],
    form: HandoverColleagueForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "referrals": chosen,
        "form": form,
        "back": back_to(request),
        "kind": kind_of(request),
        "query": request.POST.get("query", ""),
    }
    return show(request, ASSIGN, context, status=status)


def show_sheets(request: Request, export: Export) -> HttpResponse:
    """Show one sheet for each. What was shared is opened for those who answer, and that
    is in the person's access list; who sent it has it in the case."""
    require_pace(request)
    sheets = [sheet_of(request, pk) for pk in export.taken]
    context = {"sheets": sheets, "back": reverse("referrals:inbox"), "export": export}
    return show(request, SHEETS, context)


def picked_referrals(request: Request) -> PickedRows[Referral]:
    rule = follow_referral if is_sent(request) else answer_referral
    seen = rule.among(Referral.objects.for_list(), request.user)
    ordered = seen.order_by("due_at", "pk")
    return read_picked(request, ordered, lambda asked: find_all_in_list(request, asked))


def find_all_in_list(request: Request, asked: QueryDict) -> QuerySet[Referral] | None:
    """Find all that the list would show for an address of its own."""
    user, kind, now = request.user, kind_of(request), timezone.now()
    read = referral_lists.read_sent if is_sent(request) else referral_lists.read_inbox
    wanted = read(user, kind, asked)
    if wanted is None:
        return None
    found: QuerySet[Referral] | PreparedRows[Referral]
    if is_sent(request):
        found = referral_lists.OURS[kind].of(user, now)
    else:
        desk = referral_lists.load_desk(user)
        chosen = referral_lists.choose_team(desk.teams, asked.get("team", ""))
        found = referral_lists.received(request, kind, chosen, now)
    rows = found if isinstance(found, QuerySet) else found.rows()
    # One more than may be chosen, so that too many are noticed.
    return rows.filter(wanted.where(now)).order_by(*wanted.key)[: AT_MOST + 1]


def find_colleagues_for(chosen: list[Referral]) -> QuerySet[User]:
    """Find who answers in the teams that received them."""
    teams = {referral.recipient_id for referral in chosen}
    held = find_members_answering().filter(team__in=teams)
    people = User.objects.filter(pk__in=held.values("user"))
    return people.order_by("name", "pk")


def is_sent(request: HttpRequest) -> bool:
    """Check whether it began in the list of what was sent, else in an inbox."""
    return request.POST.get("list") == "sent"


def kind_of(request: HttpRequest) -> str:
    said = request.POST.get("kind", "")
    known, usual = (
        (referral_lists.FOLLOWED, "waiting")
        if is_sent(request)
        else (referral_lists.RECEIVED, "answer")
    )
    return said if said in known else usual


def back_to(request: HttpRequest) -> str:
    """Build the address of the list as it was."""
    name = "referrals:sent" if is_sent(request) else "referrals:inbox"
    here = reverse(name, args=[kind_of(request)])
    query = QueryDict(request.POST.get("query", ""))
    return f"{here}?{query.urlencode() or 'view=all'}"
