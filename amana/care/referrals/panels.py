"""What the page of a case shows of its referrals: a part, lines of the timeline, what
is due, and the first step for each need."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import panels
from amana.care.cases.models import Case, Need
from amana.care.cases.panels import Entry, NeedStep, Panel
from amana.care.cases.tabs import Tab
from amana.care.referrals.models import Happening, Referral, Stage
from amana.care.referrals.states import TO_CHOOSE_AGAIN
from amana.trust.access.kept import kept
from amana.trust.access.models import User
from amana.ui import clocks


@kept(Case)
def sent(case: Case) -> QuerySet[Referral]:
    of_case = Referral.objects.for_list().filter(case=case)
    return of_case.order_by("-sent_at", "-pk")


def of(case: Case) -> list[Referral]:
    """List every referral of a case; one query however often asked."""
    return panels.once(case, sent)


def panel(case: Case, user: User) -> dict[str, Any]:
    referrals = of(case)
    return {
        "case": case,
        "referrals": [(r, waiting_on(r)) for r in referrals if r.is_open],
        "ended": [r for r in referrals if not r.is_open],
    }


def entries(case: Case, user: User) -> Iterator[Entry]:
    referrals = of(case)
    happenings = Happening.objects.select_related("team").order_by("at", "pk")
    prefetch_related_objects(referrals, Prefetch("happenings", happenings))
    for referral in referrals:
        url = reverse("referrals:referral", args=[referral.pk])
        for happening in referral.happenings.all():
            words = {"service": referral.service.called, "what": happening.words}
            yield Entry(
                happening.at,
                _("Referral to %(service)s: %(what)s") % words,
                happening.team.name if happening.team else "",
                url,
            )


def due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    """Yield who has to act until when; and where another service has to be chosen."""
    referrals = of(case)
    replaced = {referral.follows_id for referral in referrals}
    for referral in referrals:
        if referral.is_open:
            url = reverse("referrals:referral", args=[referral.pk])
            yield referral.due_at, said_of(referral), url
        elif panels.may_work(case, user) and needs_another(referral, replaced):
            yield (
                ended_at(referral),
                _("Choose another service"),
                choose_again(referral),
            )


def waiting_on(referral: Referral) -> str:
    """Format whom it waits for, and how late they are: one line of a list."""
    if not referral.turn or referral.lateness != "late":
        return referral.turn
    late = clocks.read(referral.due_at).words
    return _("%(waiting)s, %(late)s") % {"waiting": referral.turn, "late": late}


def said_of(referral: Referral) -> str:
    if referral.stage == Stage.WORD:
        return _("Ask the person if %(service)s helped") % {
            "service": referral.service.called
        }
    return referral.turn


def needs_another(referral: Referral, replaced: set[Any]) -> bool:
    return (
        referral.state in TO_CHOOSE_AGAIN
        and referral.pk not in replaced
        and referral.need.is_open
    )


def ended_at(referral: Referral) -> datetime:
    return referral.ended_at or referral.due_at


def choose_again(referral: Referral) -> str:
    choose = reverse("referrals:choose", args=[referral.need_id])
    return f"{choose}?follows={referral.pk}"


def need_steps(need: Need, user: User) -> Iterator[NeedStep]:
    if need.is_open:
        yield NeedStep(_("Find a service"), reverse("referrals:choose", args=[need.pk]))


def register() -> None:
    panels.PANELS.append(Panel(20, "referrals/panel.html", panel, Tab.REFERRALS))
    panels.ENTRIES.append(entries)
    panels.DUE.append(due)
    panels.OVERVIEW.append(sent)
    panels.NEED_STEPS.append(need_steps)
