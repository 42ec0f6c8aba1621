"""Fourteen months of invented facts, so that figures show something: as they would look
after the nightly batch, with the flaws that a mechanism should find in itself."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from amana import given
from amana.demo import afterwards, survey_answers
from amana.design.directory.models import Area
from amana.insight.facts import batch, codes, monthly
from amana.insight.facts.actions import (
    build_agency_code,
    build_observation,
    get_month_start,
)
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as figures
from amana.trust.access.models import Organisation, Sphere

MONTHS = 14
PEOPLE = 640
CASE_WORKERS, FRONT_LINE = 16, 48
"""So many that their months are shown (`most_of_a_person`)."""
type Said = dict[str, Any]

AGES = {"0-11": 3, "12-17": 14, "18-24": 27, "25-59": 52, "60+": 4}
GROUPS = {"national": 18, "neighbour": 37, "region": 24, "other": 21}
STATUS = {"trafficking": 46, "both": 17, "smuggling": 24, "other": 13}
FORMS = {
    "female": {"sexual": 41, "domestic": 31, "labour": 14, "marriage": 10, "other": 4},
    "male": {"labour": 63, "begging": 13, "crime": 14, "sexual": 5, "organs": 5},
}
URGENCY = {"U0": 9, "U1": 26, "U2": 45, "U3": 20}
NEEDS = {"SH2": 24, "HE2": 19, "LG1": 17, "MH2": 15, "BA2": 13, "LV1": 7, "ED3": 5}
AREAS = (26, 18, 8, 6, 14, 6, 7, 9, 4, 2)
"""How often a person is met in each region: most often where boats arrive."""
MEET = {"humanitarian": 44, "border": 20, "health": 18, "law_enforcement": 14}
MEET |= {"legal": 4}
PRESUMED = {"humanitarian": 74, "border": 38, "health": 66, "law_enforcement": 61}
"""Of a hundred people screened: at the border, far fewer are believed."""
OFFER = {"SH2": ("Dar Amal", "Harbour House"), "HE2": ("Central Hospital",)}
OFFER |= {"LG1": ("Open Door Legal Aid",), "MH2": ("Stillwater Counselling",)}
OFFER |= {"BA2": ("Dar Amal",), "LV1": ("Harbour House",), "ED3": ("Dar Amal",)}
DECLINES = {"no_capacity": 54, "not_eligible": 21, "language": 13, "outside_area": 12}
CLOSURES = {"goals_met": 52, "withdrew": 14, "lost_contact": 13, "relocated": 9}
CLOSURES |= {"transferred": 6, "returned": 6}

PRESUMED_ALSO: Mapping[str, Mapping[str, int]] = {
    "consent": {"consent": 88, "legal_basis": 10, "none": 2},
    "assessment": {"in_time": 76, "late": 18, "not": 4, "": 2},
    "plan": {"complete": 71, "incomplete": 27, "": 2},
    "safety_plan": {"yes": 83, "no": 14, "": 3},
    "detention": {"not_detained": 94, "detained": 6},
    "legal_aid": {"received": 63, "not_received": 30, "": 7},
}
"""What is recorded of each person presumed to be a victim, in the end."""
AFTERWARDS: Mapping[str, Mapping[str, int]] = {
    "follow_up": {"in_time": 70, "late": 18, "missed": 12},
    "goal": {"met": 58, "not_met": 36, "": 6},
    "return_to_harm": {"no": 91, "yes": 5, "": 4},
}


class InventedObservations:
    """Draws what happened to people who don't exist; the same for the same seed."""

    def __init__(self, seed: int = 11) -> None:
        self.chance = random.Random(seed)  # noqa: S311 — invented facts, not secrets
        self.apart = random.Random(seed + 1)  # noqa: S311 — so that the rest stays so
        self.areas = sorted(Area.objects.filter(level=1).values_list("code", flat=True))
        known = Organisation.objects.values_list("name", "sphere")
        self.agencies: dict[str, list[str]] = {sphere: [] for sphere in Sphere.values}
        for name, sphere in known.order_by("name"):
            self.agencies[sphere].append(build_agency_code(name))
        services = monthly.observe_services(timezone.now())
        self.places = [said for kind, said in services if kind == "places"]
        self.supervised = [said for _kind, said in monthly.observe_supervisors()]
        last = get_month_start(timezone.localdate())
        self.months = list(reversed(list(iterate_first_days(last, MONTHS))))

    def all(self) -> Iterator[Observation]:
        for number in range(PEOPLE):
            at = self.months[number * MONTHS // PEOPLE]
            for kind, said in self.life(at):
                yield build_observation(kind, said)
        for month in self.months:
            for kind, said in self.month_end(month):
                yield build_observation(kind, {**said, "month": month})

    # --- chance

    def of(self, weights: Mapping[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def happens(self, percent: float) -> bool:
        return self.chance.random() * 100 < percent

    def either(self, percent: float, yes: str, no: str) -> str:
        return yes if self.happens(percent) else no

    def took[T](self, *around: T) -> T:
        return self.chance.choice(around)

    # --- one person

    def life(self, month: date) -> Iterator[tuple[str, Said]]:
        who = self.somebody()
        sector = str(who["sector"])
        here = {**who, "month": month}
        yield (
            "safety_gate",
            {**here, "result": self.either(91, "complete", "incomplete")},
        )
        presumed = self.happens(PRESUMED.get(sector, 62))
        found = "presumed" if presumed else self.either(80, "not_presumed", "undecided")
        yield "screening", {**here, "result": found}
        answer = self.either(78, "given", self.either(80, "refused", "withdrawn"))
        yield "consent_answer", {**here, "result": answer}
        if presumed:
            yield from self.in_the_mechanism(here)
        if answer == "given":
            yield from self.helped(here, add_months(month, self.chance.randint(2, 6)))

    def somebody(self) -> Said:
        sex = self.of({"female": 55, "male": 39, "other": 2, "": 4})
        status = self.of(STATUS)
        forms = FORMS.get(sex, FORMS["female"])
        sector = self.of(MEET)
        said = {
            "age_band": self.of(AGES),
            "sex": sex,
            "nationality_group": self.of(GROUPS),
            "disability": self.of({"yes": 9, "no": 61, "": 30}),
            "status": status,
            "exploitation": self.of(forms)
            if status in {"trafficking", "both"}
            else "none",
            "area": self.chance.choices(self.areas, AREAS[: len(self.areas)])[0]
            if self.areas
            else "",
            "sector": sector,
            "agency": self.one_of(self.agencies[sector]),
            "urgency": self.of(URGENCY),
        }
        if self.happens(7):
            said |= dict.fromkeys(self.chance.sample(codes.OF_A_PERSON, 2), "")
        return said

    def one_of(self, some: Sequence[str]) -> str:
        return self.chance.choice(some) if some else ""

    def in_the_mechanism(self, here: Said) -> Iterator[tuple[str, Said]]:
        late = 11 if here["month"] > self.months[7] else 27
        time = self.took("72", "120", "168", "336")
        on_time = "late" if self.happens(late) or time == "336" else "in_time"
        said = {**here, "result": on_time, "agency": ""}
        yield "decision", {**said, "band": time, "topic": "first"}
        time = self.took("1080", "2160", "2160", "4320")
        on_time = "late" if time == "4320" else "in_time"
        said = {**said, "month": add_months(here["month"], 1), "result": on_time}
        # What lies ahead of this month has not happened yet.
        if said["month"] <= self.months[-1]:
            yield "decision", {**said, "band": time, "topic": "final"}
        first = self.either(84, "in_time", self.either(80, "late", "not"))
        band = "24" if first == "in_time" else "48" if first == "late" else ""
        yield "immediate_needs", {**here, "result": first, "band": band}
        if here["urgency"] in {"U0", "U1"}:
            odds = 62 if here["sex"] == "male" else 88
            yield (
                "safe_bed",
                {**here, "result": self.either(odds, "placed", "not_placed")},
            )
        health = self.either(79, "in_time", "late")
        yield "health_offer", {**here, "result": health, "band": self.took("48", "72")}
        rested = self.either(71, "granted", "not_granted")
        yield "reflection", {**here, "result": rested}
        for kind, results in PRESUMED_ALSO.items():
            yield kind, {**here, "result": self.of(results)}
        yield from afterwards.draw_outcomes(here, self.apart)
        if here["urgency"] in {"U0", "U1"}:
            yield "handover", {**here, "result": self.either(74, "warm", "cold")}
        if here["age_band"] in {"0-11", "12-17"}:
            cared = self.either(68, "in_time", self.either(70, "late", "not"))
            yield (
                "guardian",
                {**here, "result": cared, "band": self.took("24", "48", "72")},
            )

    def helped(self, here: Said, ended: date) -> Iterator[tuple[str, Said]]:
        needs = dict.fromkeys(self.of(NEEDS) for _need in range(self.took(2, 2, 3)))
        for need in needs:
            yield from self.referred({**here, "topic": need})
        if ended <= self.months[-1]:
            why = self.of(CLOSURES)
            band = self.took("2160", "4320", "4320", "8760")
            there = {**here, "month": ended}
            yield "closure", {**there, "reason": why, "band": band}
            kept = "lost" if why == "lost_contact" else "kept"
            yield "contact", {**there, "result": kept}
            yield "case_referrals", {**there, "number": len(needs)}
            yield "interviews", {**there, "number": self.chance.choice((1, 1, 2, 2, 3))}
            for kind, results in AFTERWARDS.items():
                yield kind, {**there, "result": self.of(results)}
            if why in {"returned", "relocated"}:
                yield from afterwards.draw_scores(there, self.apart)

    def referred(self, here: Said) -> Iterator[tuple[str, Said]]:
        there = {**here, "agency": build_agency_code(self.one_of(OFFER[here["topic"]]))}
        there["sector"] = "humanitarian"
        slow = here["disability"] == "yes" or here["area"] in self.areas[7:]
        on_time = self.either(66 if slow else 85, "in_time", "late")
        band = self.took("4", "24", "48") if on_time == "in_time" else "120"
        yield "answer", {**there, "result": on_time, "band": band}
        if not self.happens(self.odds_of_yes(there)):
            why = self.of(DECLINES)
            yield "acceptance", {**there, "result": "declined", "reason": why}
            yield "loop", {**there, "result": "open"}
            yield "need", {**there, "result": self.either(55, "unmet", "met")}
            return
        yield "acceptance", {**there, "result": "accepted"}
        began = self.either(86, "started", "not_started")
        time = (
            self.took("72", "168", "336", "720")
            if slow
            else self.took("48", "72", "168")
        )
        yield (
            "service_start",
            {**there, "result": began, "band": time if began == "started" else ""},
        )
        closed = self.either(81, "closed", "open")
        yield "loop", {**there, "result": closed}
        if closed == "closed":
            said = self.of({"met": 66, "partly": 23, "not_met": 11})
            yield "need_met", {**there, "result": said}
            yield "need", {**there, "result": "met" if said == "met" else "unmet"}

    def odds_of_yes(self, there: Said) -> float:
        """Return the odds of a yes: a bed for a man is hard to find, and anything in
        the far regions.
        """
        odds = 82.0
        if there["topic"] == "SH2" and there["sex"] == "male":
            odds -= 27
        if there["disability"] == "yes":
            odds -= 18
        if there["area"] in self.areas[7:]:
            odds -= 14
        return odds

    # --- at the end of a month

    def month_end(self, month: date) -> Iterator[tuple[str, Said]]:
        along = self.months.index(month)
        for topic in ("SH2", "HE2", "LG1", "MH2", "BA2", "CP1", "LV1", "ED3"):
            fresh = self.either(72 + along, "fresh", "stale")
            yield "directory", {"result": fresh, "topic": topic}
        for topic in ("SH1", "SH2", "SH7"):
            yield (
                "capacity",
                {"result": self.either(58 + along, "fresh", "stale"), "topic": topic},
            )
        for _worker in range(CASE_WORKERS):
            yield "caseload", {"number": self.chance.randint(9, 27)}
        yield from (("places", said) for said in self.places)
        yield from (("supervised", said) for said in self.supervised)
        for _worker in range(FRONT_LINE):
            yield (
                "certified",
                {"result": self.either(40 + 3 * along, "in_force", "not_in_force")},
            )
        for place, sector in enumerate(codes.Sector.values):
            ready = "signed_trained" if along > 3 * place else "not_signed_trained"
            yield "sector_ready", {"result": ready, "sector": sector}


def iterate_first_days(last: date, months: int) -> Iterator[date]:
    """Yield the first day of this month and of those before it."""
    for _number in range(months):
        yield last
        last = get_month_start(last - timedelta(days=1))


def add_months(month: date, number: int) -> date:
    for _number in range(number):
        month = get_month_start(month + timedelta(days=31))
    return month


def fill_facts() -> int:
    """Fill in the facts, draw up the figures that people are shown, and return how many
    were written.
    """
    written = fill_observations()
    figures.prepare_protected_tables()
    return written


def fill_observations() -> int:
    """Fill in the facts alone; drawing up their figures takes a minute."""
    counted = InventedObservations()
    written = given.store_facts(counted.all()) + given.store_facts(
        survey_answers.draw_facts(counted.months)
    )
    # By the nightly batch, as at work: figures see only what it has written.
    return written + batch.write_batch().written
