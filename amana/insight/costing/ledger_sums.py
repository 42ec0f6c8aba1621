"""What the ledger adds up to, and what ends before long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.insight.costing.engine.ingredients import NOTHING
from amana.insight.costing.models import Fund, Grant, Money
from amana.insight.costing.models.ledger import A_YEAR
from amana.names import COLUMNS
from amana.trust.access.models import User

SOON = timedelta(days=90)


@dataclass(frozen=True)
class FundSums:
    committed: Decimal
    spent: Decimal
    domestic: Decimal
    """Of what is committed: from the country itself."""

    @property
    def domestic_share(self) -> Decimal | None:
        return self.domestic / self.committed if self.committed else None


def compute_sums(year: int) -> FundSums:
    home = Q(grant__fund__domestic=True)
    found = Money.objects.filter(year=year).aggregate(
        of_home=Sum("committed", filter=home, default=NOTHING),
        in_all=Sum("committed", default=NOTHING),
        gone=Sum("spent", default=NOTHING),
    )
    return FundSums(found["in_all"], found["gone"], found["of_home"])


def map_committed(
    currency: str, years: Iterable[int]
) -> dict[tuple[str, int], Decimal]:
    """Map cost centre and year to what is committed, if the ledger is kept in this
    currency."""
    rows = (
        Money.objects.filter(grant__currency=currency, year__in=years)
        .values_list("centre", "year")
        .annotate(sum=Sum("committed"))
    )
    return {(centre, year): sum for centre, year, sum in rows}


def get_currency() -> str:
    """Get the currency of the ledger; empty while it has no grants."""
    return Grant.objects.values_list("currency", flat=True).first() or ""


@dataclass(frozen=True)
class FundCommitment:
    """What a fund has committed in a year; and when the last of all its grants ends,
    also of those that pay nothing in that year."""

    title: str
    committed: Decimal
    until: date


def list_payers(year: int) -> list[FundCommitment]:
    """List who pays in a year; who has committed most comes first."""
    of_year = Q(grants__money__year=year, grants__money__committed__gt=0)
    of_fund = Grant.objects.filter(fund=OuterRef("pk")).order_by("-ends_on")
    found = Fund.objects.filter(of_year).annotate(
        committed=Sum("grants__money__committed"),
        until=Subquery(of_fund.values("ends_on")[:1]),
    )
    rows = found.values_list("title", "committed", "until")
    return [FundCommitment(*row) for row in rows.order_by("-committed", "title")]


def count_services_at_the_cliff(today: date) -> int:
    """Count the services whose money ends within a year: by the directory or by a
    grant, and nothing is known to follow."""
    paid = Grant.objects.ending(today).without_successor().values("service")
    ends = Q(funded_until__gte=today, funded_until__lte=today + A_YEAR)
    alone = ends & ~Exists(Grant.objects.after("pk", "funded_until"))
    # Only services that everyone may know of: the number is the same for each reader.
    known = Service.objects.listed().filter(visibility=Service.Visibility.PUBLIC)
    return known.filter(alone | Q(pk__in=paid)).count()


@dataclass(frozen=True)
class FundingCliff:
    """Something whose money ends within a year, and nothing is known to follow."""

    what: str
    payer: str
    ends_on: date
    url: str

    @property
    def days(self) -> int:
        return (self.ends_on - timezone.localdate()).days

    @property
    def tone(self) -> str:
        return "late" if self.days <= SOON.days else "due"

    @property
    def words(self) -> str:
        if self.payer:
            return _("%(payer)s pays for it until then.") % {"payer": self.payer}
        return _("According to the directory; no grant in the ledger pays for it.")


def list_cliffs(user: User) -> list[FundingCliff]:
    """List grants and services of the directory that lose their money, the first
    first."""
    today = timezone.localdate()
    ending = Grant.objects.ending(today).without_successor().for_list()
    found = [build_grant_cliff(grant) for grant in ending]
    # A service that a grant pays for is listed once, with its grant.
    paid = {grant.service_id for grant in ending}
    for service in find_ending_services(user, today):
        if service.pk not in paid:
            assert service.funded_until is not None
            url = reverse("directory:service", args=[service.pk])
            found.append(FundingCliff(service.called, "", service.funded_until, url))
    return sorted(found, key=lambda cliff: (cliff.ends_on, cliff.what))


def build_grant_cliff(grant: Grant) -> FundingCliff:
    url = reverse("costing:grant", args=[grant.pk])
    return FundingCliff(grant.title, grant.fund.title, grant.ends_on, url)


def find_ending_services(user: User, today: date) -> Iterable[Service]:
    listed = (
        Service.objects.listed()
        .filter(funded_until__gte=today, funded_until__lte=today + A_YEAR)
        .exclude(Exists(Grant.objects.after("pk", "funded_until")))
    )
    seen = see_service.among(listed, user)
    return seen.only(*COLUMNS, "funded_until").order_by("funded_until", "pk")[:50]
