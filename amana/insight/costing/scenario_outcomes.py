"""What was found when more places, posts or hours were tried, in words.

outcome = actions.what_if(version, kind="place", name="housing", more=20, …)
outcome.words          # sentences, in the reader's language
outcomes.of(scenario)  # the same, of what was kept
"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.design.directory.models import Area
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.simulation.asking import format_step_title, format_title
from amana.design.simulation.simulator import ConfidenceBand
from amana.insight.costing.engine.foreseen import ScenarioForecast, WaitingForecast
from amana.insight.costing.engine.ingredients import round_amount
from amana.insight.costing.models import Scenario, ScenarioKind


@dataclass(frozen=True)
class ScenarioOutcome:
    """What was asked, what was found, and what it would cost a year."""

    version: Version
    kind: ScenarioKind
    name: str
    more: Decimal
    arrivals: Decimal
    within: int
    price: Decimal
    fixed: Decimal
    currency: str
    seen: ScenarioForecast
    cost: Decimal
    service_type: str = ""
    area: Area | None = None
    scenario: Scenario | None = None
    """Once it is kept."""

    @property
    def cost_of_one(self) -> Decimal | None:
        """For each person who is helped sooner, where it is sure that there are any."""
        # A change that may be none is reported as none, without a price for each person
        # (ADR 29).
        sooner = self.seen.sooner
        if not sooner.sure or sooner.mean <= 0:
            return None
        return round_amount(self.cost / Decimal(repr(sooner.mean)))

    @property
    def place(self) -> str:
        """Where the change is made, as people call it."""
        return format_place(self.version.pack, self.kind, self.name)

    @property
    def title(self) -> str:
        n = ceil(self.more)
        said = {
            ScenarioKind.PLACE: ngettext(
                "%(n)s more place: %(what)s", "%(n)s more places: %(what)s", n
            ),
            ScenarioKind.ROLE: ngettext(
                "%(n)s more post: %(what)s", "%(n)s more posts: %(what)s", n
            ),
            ScenarioKind.HOURS: ngettext(
                "%(n)s more hour a day for each post: %(what)s",
                "%(n)s more hours a day for each post: %(what)s",
                n,
            ),
        }[self.kind]
        return said % {"n": format_number(self.more), "what": self.place}

    @property
    def words(self) -> list[str]:
        return [self.title + ".", self.waiting, *self.people, self.money]

    @property
    def waiting(self) -> str:
        before, after = self.seen.before, self.seen.after
        if not self.seen.shorter.sure:
            return _("Waiting times do not clearly change.")
        return _(
            "The average wait falls from %(before)s to %(after)s days. Nine in ten "
            "wait up to %(nine_before)s days now, and up to %(nine_after)s days with "
            "the change."
        ) % {
            "before": format_number(before.wait.mean, 1),
            "after": format_number(after.wait.mean, 1),
            "nine_before": format_number(before.nine.mean, 1),
            "nine_after": format_number(after.nine.mean, 1),
        }

    @property
    def people(self) -> list[str]:
        if not self.seen.sooner.sure:
            return []
        return [
            _(
                "%(sooner)s more people a year are helped within %(days)s days. Now "
                "%(before)s a year wait longer; with the change, %(after)s."
            )
            % {
                "sooner": format_number(self.seen.sooner.mean),
                "days": format_number(self.within),
                "before": format_number(self.seen.before.unmet.mean),
                "after": format_number(self.seen.after.unmet.mean),
            }
        ]

    @property
    def money(self) -> str:
        cost = format_money(self.cost, self.currency)
        if self.cost_of_one is None:
            return _("It costs %(cost)s a year.") % {"cost": cost}
        return _(
            "It costs %(cost)s a year: %(each)s for each person helped sooner."
        ) % {"cost": cost, "each": format_money(self.cost_of_one, self.currency)}


def format_place(pack: Pack, kind: str, name: str) -> str:
    """Format a place by the step that occupies it, and posts by their role."""
    if kind == ScenarioKind.PLACE:
        return format_step_title(pack, name)
    return format_title(pack, "role", name)


def load_outcome(scenario: Scenario) -> ScenarioOutcome:
    """Load what was kept, as it was found."""
    return ScenarioOutcome(
        version=scenario.version,
        kind=ScenarioKind(scenario.kind),
        name=scenario.name,
        more=scenario.more,
        arrivals=scenario.arrivals,
        within=scenario.within,
        price=scenario.price,
        fixed=scenario.fixed,
        currency=scenario.currency,
        seen=parse_seen(scenario.found),
        cost=scenario.cost,
        service_type=scenario.service_type,
        area=scenario.area,
        scenario=scenario,
    )


def serialise_seen(seen: ScenarioForecast) -> dict[str, object]:
    """Convert it to what is stored."""
    return asdict(seen)


def parse_seen(found: dict[str, Any]) -> ScenarioForecast:
    def side(bands: dict[str, Any]) -> WaitingForecast:
        return WaitingForecast(
            **{name: ConfidenceBand(**band) for name, band in bands.items()}
        )

    return ScenarioForecast(
        **{
            **found,
            "before": side(found["before"]),
            "after": side(found["after"]),
            "shorter": ConfidenceBand(**found["shorter"]),
            "sooner": ConfidenceBand(**found["sooner"]),
        }
    )


NARROW, UNBROKEN = "\u202f", "\u00a0"


def format_number(value: float | Decimal, places: int = 0) -> str:
    """Format a number as it is written in the reader's language, in groups of three;
    halves of a post stay."""
    if not places and isinstance(value, Decimal) and value != int(value):
        return number_format(value.normalize())
    # By its shortest decimal form, not by the binary fraction behind it, which may
    # round the other way. Adding 0 turns -0 into 0.
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places)) + 0
    if get_format("NUMBER_GROUPING"):
        return number_format(rounded, places, force_grouping=True)
    # Where Django has no grouping for a language, groups are set apart by narrow
    # spaces.
    whole, mark, rest = number_format(rounded, places).partition(
        get_format("DECIMAL_SEPARATOR")
    )
    return f"{int(whole):,}".replace(",", NARROW) + mark + rest


def format_money(amount: Decimal, currency: str) -> str:
    """Format an amount in whole units: no one plans in cents."""
    return f"{format_number(round(amount))}{UNBROKEN}{currency}"
