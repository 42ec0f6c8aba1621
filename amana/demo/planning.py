"""What the mechanism costs and who pays, and what is asked of those who decide. All of
it is invented, prices and promises too."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from amana.demo.country import DemoCountry
from amana.design.directory.models import Service
from amana.design.mechanism.models import Version
from amana.insight.advocacy import actions as advocacy
from amana.insight.advocacy.models import PolicyPlan
from amana.insight.costing import actions as costs
from amana.insight.costing.models import CostCentre, Costing, DriverChoice, Fund
from amana.trust.access.models import Role, User

PRICES: dict[CostCentre, int] = {
    CostCentre.GOVERNANCE: 96_000,
    CostCentre.IDENTIFICATION: 72_000,
    CostCentre.CASES: 14_400,
    CostCentre.SHELTER: 30,
    CostCentre.HEALTH: 310,
    CostCentre.LEGAL: 540,
    CostCentre.LANGUAGE: 160,
    CostCentre.BASIC: 220,
    CostCentre.GUARDIANSHIP: 260,
    CostCentre.RETURN: 180,
    CostCentre.TRAINING: 38_000,
    CostCentre.SYSTEMS: 21_000,
    CostCentre.DIRECTORY: 7_500,
    CostCentre.LEARNING: 44_000,
    CostCentre.SECURITY: 12_000,
}
ASSUMED = {
    DriverChoice.IDENTIFIED: (
        "480",
        "520",
        "600",
        "Figures for the mechanism, last year",
    ),
    DriverChoice.UPTAKE: (
        "0.6",
        "0.7",
        "0.8",
        "Consent, by the figures of the mechanism",
    ),
    DriverChoice.STAY: ("30", "45", "60", "Registers of Dar Amal and Harbour House"),
    DriverChoice.INFLATION: (
        "0.02",
        "0.03",
        "0.05",
        "Central Bank of Merravia, outlook",
    ),
}
ALLIES = (
    ("Parliament, committee on justice", "target", "much", "for", "A law that holds"),
    ("Ministry of Finance", "blocker", "much", "against", "Costs beyond the year"),
    ("Ministry of Social Affairs", "ally", "much", "for", "Fewer nights in hotels"),
    (
        "Border Guard, legal office",
        "undecided",
        "little",
        "against",
        "Time of officers",
    ),
    ("Bar association", "ally", "little", "for", "Clients who have slept"),
)
RECOMMENDED = (
    (
        "greta",
        "Second evaluation report, paragraph 141",
        date(2025, 5, 20),
        "Ensure that the recovery and reflection period does not depend on cooperation "
        "with the police.",
    ),
    (
        "cedaw",
        "Concluding observations, paragraph 27",
        date(2024, 7, 8),
        "Fund shelters for women from the budget, and not by projects alone.",
    ),
    (
        "rapporteur",
        "Annual report, recommendation 9",
        date(2026, 2, 3),
        "Open shelters that take men.",
    ),
)


FOLLOWS = tuple(
    costs.ConsequenceValues(
        *(title, "", Decimal(price), Decimal(low), Decimal(likely), Decimal(high)),
        source="Invented for the demo",
    )
    for title, price, low, likely, high in (
        ("A stay in hospital in an emergency", 2_400, "0.05", "0.1", "0.2"),
        ("Nights in custody for want of a place", 900, "0.1", "0.2", "0.3"),
    )
)
"""What others pay when a need stays unmet."""


def plan_costs(country: DemoCountry) -> str:
    """Record what the mechanism costs and who pays, and what is asked for; return the
    line of progress.
    """
    team = country.teams["National Coordination Office"]
    analyst = country.who(team, Role.ANALYST)
    ministry = costs.add_fund(
        "Ministry of Social Affairs, line 14",
        kind="ministry",
        domestic=True,
        by=analyst,
    )
    island = costs.add_fund(
        "Island Fund", kind="foundation", domestic=False, by=analyst
    )
    house = Service.objects.filter(team=country.teams["Harbour House"]).first()
    keep_ledger(ministry, island, house, analyst)
    cost_mechanism(ministry, island, analyst)
    outcome = costs.try_change(
        Version.objects.in_force().get(),
        kind="place",
        name="housing",
        more=Decimal(30),
        price=Decimal(30),
        currency="EUR",
        service_type="SH2",
        by=analyst,
    )
    costs.keep_scenario(outcome, by=analyst)
    ask_for_rest(country.coordinator)
    follow_monitors(country.coordinator)
    return "Costs and advocacy"


def keep_ledger(ministry: Fund, island: Fund, house: Service | None, by: User) -> None:
    """Record grants and money: the house in the south loses its money in ten weeks, and
    nothing follows.
    """
    today = timezone.localdate()
    for fund, title, starts, days, centre, committed, spent in (
        (
            ministry,
            "Shelter and case work",
            today.year,
            500,
            "shelter",
            240_000,
            151_000,
        ),
        (
            island,
            "A house in the south",
            today.year - 1,
            70,
            "shelter",
            109_500,
            88_000,
        ),
        (
            island,
            "Guardians of children",
            today.year,
            800,
            "guardianship",
            36_000,
            9_000,
        ),
    ):
        grant = costs.record_grant(
            costs.GrantValues(
                fund,
                title,
                "EUR",
                date(starts, 1, 1),
                today + timedelta(days=days),
                service=house if days < 100 else None,
                source="Invented for the demo",
            ),
            by=by,
        )
        costs.record_money(
            grant,
            year=today.year,
            centre=centre,
            committed=Decimal(committed),
            spent=Decimal(spent),
            by=by,
        )
        if days > 100:
            costs.record_money(
                grant,
                year=today.year + 1,
                centre=centre,
                committed=Decimal(committed),
                spent=Decimal(0),
                by=by,
            )


def cost_mechanism(ministry: Fund, island: Fund, by: User) -> Costing:
    first_year = timezone.localdate().year + 1
    costing = costs.begin_costing(
        "The national mechanism", currency="EUR", first_year=first_year, years=3, by=by
    )
    for ingredient in costing.ingredients.exclude(centre=CostCentre.CONTINGENCY):
        centre = CostCentre(ingredient.centre)
        what = costs.IngredientValues(
            title=ingredient.title,
            centre=centre,
            basis=ingredient.basis,
            price=Decimal(PRICES[centre]),
            share=Decimal("0.45") if centre == CostCentre.SHELTER else Decimal(1),
            payer=island if centre == CostCentre.GUARDIANSHIP else ministry,
            source="Invented for the demo",
        )
        costs.change_ingredient(ingredient, what, by=by)
    assumed: dict[str, costs.AssumptionValues] = {
        driver: costs.AssumptionValues(
            Decimal(low), Decimal(likely), Decimal(high), source
        )
        for driver, (low, likely, high, source) in ASSUMED.items()
    }
    costs.record_assumptions(costing, assumed, by=by)
    for follows in FOLLOWS:
        costs.add_consequence(costing, follows, by=by)
    return costing


def ask_for_rest(by: User) -> PolicyPlan:
    today = timezone.localdate()
    aim = advocacy.PolicyTarget(
        goal="A time to rest for everybody, whether or not they help the police",
        seen_by="Article 12 of the act; I11 at nought",
        why="Nobody decides well in three days. Whoever is asked at once says no.",
        due_on=today + timedelta(days=220),
        within_reach="The act is reviewed in spring.",
        risks="What people have now may not become less while the law is open.",
    )
    plan = advocacy.begin_plan(aim, by=by)
    for title, side, power, view, moved_by in ALLIES:
        advocacy.place_office(
            plan, title, side=side, power=power, view=view, moved_by=moved_by, by=by
        )
    advocacy.plan_window(
        "Ministries send in their lines for the budget",
        kind="budget",
        opens_on=today + timedelta(days=20),
        closes_on=today + timedelta(days=65),
        by=by,
    )
    advocacy.write_message(
        plan,
        "Three days are not time. A month of rest costs less than one new beginning.",
        audience="parliament",
        messenger="survivor",
        paid=True,
        informed=True,
        agreed_on=today - timedelta(days=12),
        by=by,
    )
    promise = advocacy.record_commitment(
        plan,
        "A draft of Article 12 by summer",
        office="Ministry of Justice",
        made_on=today - timedelta(days=200),
        due_on=today - timedelta(days=60),
        source="Minutes of the steering group",
        by=by,
    )
    advocacy.settle_commitment(
        promise, "partly", evidence="A draft, still with a condition", by=by
    )
    return plan


def follow_monitors(by: User) -> None:
    version = Version.objects.in_force().get()
    made = [
        advocacy.record_recommendation(
            words, monitor=monitor, source=source, given_on=given_on, by=by
        )
        for monitor, source, given_on, words in RECOMMENDED
    ]
    advocacy.update_recommendation(
        made[0],
        "partly",
        how="The mechanism gives it without a condition; the act does not yet.",
        version=version,
        provision="trafficking_stay",
        by=by,
    )
