"""Find a table for its reader, and what every view of one ends with."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from amana.academy.practice.labs import rules
from amana.academy.practice.labs.forms import ChannelForm
from amana.academy.practice.labs.models import Lab
from amana.academy.practice.labs.table_page import ShownTable
from amana.academy.practice.labs.table_stream import read_news
from amana.design.mechanism.rules import LOADERS
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.access.rules import has_role
from amana.ui.http import asks_for_part, done

TABLE = "labs/table.html"


def find_table(request: Request, pk: UUID) -> Lab:
    return rules.see.find(Lab.objects.for_list(), request.user, pk=pk)


def find_seated(request: Request, pk: UUID) -> Lab:
    return rules.sit.find(Lab.objects.for_list(), request.user, pk=pk)


def find_seat(lab: Lab, user: User) -> str:
    """Return the code of the person's seat; empty for those who watch or lead."""
    seat = lab.seats.filter(person=user).values_list("party", flat=True).first()
    return seat or ""


def build_table_context(request: Request, pk: UUID, channel: str) -> dict[str, object]:
    lab = find_table(request, pk)
    seat = find_seat(lab, request.user)
    leads = rules.lead.permits(request.user, lab)
    # Read before what is shown: a page that is older than its version would miss what
    # came between.
    news = read_news(lab.pk, seat)
    return {
        "lab": lab,
        "shown": ShownTable(lab, seat, leads=leads, channel=channel),
        "plays": rules.join.permits(request.user, lab),
        "may_draft": has_role(request.user, LOADERS),
        "version": news.version,
        "news": news.format_data(),
        "message": ChannelForm(),
    }


def finish(
    request: Request,
    pk: UUID,
    *,
    part: str = "table",
    then: str = "",
    channel: str = "",
) -> HttpResponse:
    """Answer after an action: to an open page with its changed part, else with the
    table."""
    there = reverse("labs:table", args=[pk])
    there += f"?with={channel}#talk" if channel else then
    if not asks_for_part(request):
        return done(request, then=there)
    context = build_table_context(request, pk, channel)
    return done(request, TABLE, context, part=part, then=there)
