"""Keep the ledger: who pays, until when, how much of it is spent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory.models import Service
from amana.errors import Refused
from amana.insight.costing.models import CostCentre, Fund, Grant, Money
from amana.insight.costing.models.ledger import MOST
from amana.insight.costing.rules import WRITERS, write_costs
from amana.insight.facts import actions as facts
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

FOR_PEOPLE = frozenset(
    {
        *(CostCentre.CASES, CostCentre.SHELTER, CostCentre.HEALTH, CostCentre.LEGAL),
        *(
            CostCentre.LANGUAGE,
            CostCentre.BASIC,
            CostCentre.GUARDIANSHIP,
            CostCentre.RETURN,
        ),
    }
)
"""What is spent on cases, and not on keeping the mechanism."""
THOUSAND = 1000


@transaction.atomic
def add_fund(title: str, *, kind: str, domestic: bool, by: User) -> Fund:
    """Enter an institution or budget line that pays."""
    if not has_role(by, WRITERS):
        raise Denied(write_costs, by)
    if Fund.objects.filter(title__iexact=title).exists():
        raise Refused(_("This institution is already in the ledger."))
    fund = Fund.objects.create(title=title, kind=kind, domestic=domestic)
    log.record("named fund", fund, by=by)
    return fund


@dataclass(frozen=True)
class GrantValues:
    """What is known of a grant or a budget."""

    fund: Fund
    title: str
    currency: str
    starts_on: date
    ends_on: date
    service: Service | None = None
    source: str = ""


@transaction.atomic
def record_grant(what: GrantValues, *, by: User) -> Grant:
    if not has_role(by, WRITERS):
        raise Denied(write_costs, by)
    _in_one_currency(what, None)
    grant = Grant.objects.create(**vars(what), made_by=by)
    log.record("recorded grant", grant, by=by)
    return grant


@transaction.atomic
def change_grant(grant: Grant, what: GrantValues, *, by: User) -> None:
    write_costs.require(by, grant)
    _in_one_currency(what, grant)
    # Read before it changes: the figures receive the difference.
    was_domestic = Fund.objects.get(grants=grant).domestic
    Grant.objects.filter(pk=grant.pk).update(**vars(what))
    if was_domestic != what.fund.domestic:
        sign = 1 if what.fund.domestic else -1
        for money in grant.money.order_by("pk"):
            _tell([("domestic", sign * _thousands(money.spent))], money.year)
    log.record("changed grant", grant, by=by)


def _in_one_currency(what: GrantValues, grant: Grant | None) -> None:
    """Require the currency of the other grants: sums of several would mean nothing (ADR
    29)."""
    if what.ends_on < what.starts_on:
        raise Refused(_("It ends before it starts."))
    others = Grant.objects.exclude(pk=grant.pk) if grant else Grant.objects.all()
    kept_in = others.values_list("currency", flat=True).first()
    if kept_in and kept_in != what.currency:
        raise Refused(
            _(
                "The ledger is kept in %(currency)s. Convert the sums, and add the "
                "exchange rate to the source."
            )
            % {"currency": kept_in}
        )


@transaction.atomic
def record_money(
    grant: Grant,
    *,
    year: int,
    centre: str,
    committed: Decimal,
    spent: Decimal,
    by: User,
) -> Money:
    """Record what is committed to one thing in a year, and spent so far; recorded
    again, it replaces what was recorded before."""
    write_costs.require(by, grant)
    if not grant.starts_on.year <= year <= grant.ends_on.year:
        raise Refused(
            _(
                "This grant does not cover %(year)s. Choose a year between "
                "its start and its end."
            )
            % {"year": year}
        )
    if max(committed, spent) > MOST:
        raise Refused(_("This is more than the ledger can hold. Check the sum."))
    before = grant.money.filter(year=year, centre=centre).first()
    money, _made = Money.objects.update_or_create(
        grant=grant,
        year=year,
        centre=centre,
        defaults={"committed": committed, "spent": spent},
    )
    log.record("recorded money", grant, by=by, year=year, centre=centre)
    _tell(_differences(grant, before, money), year)
    return money


def _tell(differences: Iterable[tuple[str, int]], year: int) -> None:
    for topic, number in differences:
        if number:
            facts.record_observation(
                "money", topic=topic, number=number, month=choose_month(year)
            )


def choose_month(year: int) -> date:
    """Choose the month in which figures count it: now, or the nearest of its own
    year."""
    today = timezone.localdate()
    if year == today.year:
        return today
    return date(year, 1 if year > today.year else 12, 1)


def _differences(
    grant: Grant, before: Money | None, now: Money
) -> list[tuple[str, int]]:
    """List what the figures receive: what changed since it was recorded last, in
    thousands."""
    # Each amount is rounded before it is subtracted, so that all the differences add up
    # to what is in the ledger.
    committed, spent = (
        _thousands(new) - _thousands(old)
        for new, old in (
            (now.committed, before.committed if before else Decimal(0)),
            (now.spent, before.spent if before else Decimal(0)),
        )
    )
    told = [("committed", committed), ("spent", spent)]
    if grant.fund.domestic:
        told.append(("domestic", spent))
    if now.centre in FOR_PEOPLE:
        told.append(("cases", spent))
    if now.centre == CostCentre.SHELTER:
        told.append(("nights", spent))
    return told


def _thousands(sum: Decimal) -> int:
    return round(sum / THOUSAND)
