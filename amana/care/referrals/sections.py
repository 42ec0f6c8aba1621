"""What the page of a case shows of its referrals: a part, lines of the timeline, what
is due, and the first step for each need."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import sections
from amana.care.cases.models import Case, Need
from amana.care.cases.sections import CaseSection, NeedAction, TimelineEntry
from amana.care.cases.tabs import CaseTab
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStage
from amana.care.referrals.states import TO_CHOOSE_AGAIN
from amana.trust.access.models import User
from amana.trust.access.prepared import prepare_query
from amana.ui import clocks


@prepare_query(Case)
def find_sent(case: Case) -> QuerySet[Referral]:
    of_case = Referral.objects.for_list().filter(case=case)
    return of_case.order_by("-sent_at", "-pk")


def list_referrals(case: Case) -> list[Referral]:
    """List every referral of a case; one query however often asked."""
    return sections.list_things(case, find_sent)


def build_section(case: Case, user: User) -> dict[str, object]:
    referrals = list_referrals(case)
    return {
        "case": case,
        "referrals": [(r, format_waiting_on(r)) for r in referrals if r.is_open],
        "ended": [r for r in referrals if not r.is_open],
    }


def iterate_entries(case: Case, user: User) -> Iterator[TimelineEntry]:
    referrals = list_referrals(case)
    happenings = ReferralEvent.objects.select_related("team").order_by("at", "pk")
    prefetch_related_objects(referrals, Prefetch("happenings", happenings))
    for referral in referrals:
        url = reverse("referrals:referral", args=[referral.pk])
        for happening in referral.happenings.all():
            words = {"service": referral.service.called, "what": happening.words}
            yield TimelineEntry(
                happening.at,
                _("Referral to %(service)s: %(what)s") % words,
                happening.team.name if happening.team else "",
                url,
            )


def iterate_due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    """Yield who has to act until when; and where another service has to be chosen."""
    referrals = list_referrals(case)
    replaced = {referral.follows_id for referral in referrals}
    for referral in referrals:
        if referral.is_open:
            url = reverse("referrals:referral", args=[referral.pk])
            yield referral.due_at, format_task(referral), url
        elif sections.may_work(case, user) and needs_another(referral, replaced):
            yield (
                get_end_time(referral),
                _("Choose another service"),
                build_choice_address(referral),
            )


def format_waiting_on(referral: Referral) -> str:
    """Format whom it waits for, and how late they are: one line of a list."""
    if not referral.turn or referral.lateness != "late":
        return referral.turn
    late = clocks.read_clock(referral.due_at).words
    return _("%(waiting)s, %(late)s") % {"waiting": referral.turn, "late": late}


def format_task(referral: Referral) -> str:
    if referral.stage == ReferralStage.WORD:
        return _("Ask the person if %(service)s helped") % {
            "service": referral.service.called
        }
    return referral.turn


def needs_another(referral: Referral, replaced: set[UUID | None]) -> bool:
    return (
        referral.state in TO_CHOOSE_AGAIN
        and referral.pk not in replaced
        and referral.need.is_open
    )


def get_end_time(referral: Referral) -> datetime:
    return referral.ended_at or referral.due_at


def build_choice_address(referral: Referral) -> str:
    choose = reverse("referrals:choose", args=[referral.need_id])
    return f"{choose}?follows={referral.pk}"


def iterate_need_steps(need: Need, user: User) -> Iterator[NeedAction]:
    if need.is_open:
        yield NeedAction(
            _("Find a service"), reverse("referrals:choose", args=[need.pk])
        )


def register() -> None:
    sections.PANELS.append(
        CaseSection(20, "referrals/panel.html", build_section, CaseTab.REFERRALS)
    )
    sections.ENTRIES.append(iterate_entries)
    sections.DUE.append(iterate_due)
    sections.OVERVIEW.append(find_sent)
    sections.NEED_STEPS.append(iterate_need_steps)
