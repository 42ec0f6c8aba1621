"""What invented people say of the help and of their lives, month by month, and agencies
of each other: as facts, as they stand after the nightly batch."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from amana.insight.facts.actions import build_agency_code, build_observation
from amana.insight.facts.codes import Outcome
from amana.insight.facts.codes import Partner as P
from amana.insight.facts.codes import SurveyQuestion as Q
from amana.insight.facts.models import Observation
from amana.insight.feedback.actions.answering import build_fact
from amana.insight.feedback.models import PartnerSide
from amana.insight.feedback.partner_scores import ASKED
from amana.insight.feedback.questions import SlipMoment, get_fact_kind, split_pages
from amana.trust.access.models import Organisation

ABOUT = {
    "Dar Amal": 30,
    "Harbour House": 25,
    "Central Hospital": 20,
    "Open Door Legal Aid": 14,
    "Stillwater Counselling": 11,
}
"""Of a hundred who say something, how many speak of whom."""
SLIPS, TURNS_THE_PAGE = 22, 85
CONTENT = 79
LESS: Mapping[str, int] = {
    **{Q.SAFE: 70, Q.WHO_SAW: 57, Q.STORY_ONCE: 45, Q.COMPLAIN: 54},
    **{Q.SUPPORT_PERSON: 63, Q.HOURS: 61, Q.COST: 58, Q.SAME_WORKER: 52},
}
"""Of a hundred answers, how many are yes: told once too often, few dare to complain."""
WORSE_AT, BY = "Harbour House", 17

LATER: Mapping[str, int] = {
    SlipMoment.INTAKE: 15,
    SlipMoment.M3: 15,
    SlipMoment.M6: 14,
    SlipMoment.M12: 14,
}
"""How many a month are asked of their lives, and when."""
REACHED: Mapping[str, Sequence[int]] = {
    Outcome.HOUSING: (34, 47, 55, 61),
    Outcome.SAFETY: (38, 50, 57, 60),
    Outcome.SUPPORT: (36, 48, 52, 53),
    Outcome.KINDNESS: (46, 56, 58, 60),
    Outcome.PURPOSE: (33, 38, 46, 52),
    Outcome.TREATMENT: (39, 54, 58, 60),
    Outcome.EDUCATION: (33, 39, 44, 50),
}
"""Of a hundred, how many have it at each of these moments."""

RATED = 6
"""Referrals of a month of which both sides say how the other did."""
WELL = {P.TOLD: 48, P.COMPLETE: 66, P.PREPARED: 57}


def draw_facts(months: Sequence[date], seed: int = 23) -> Iterator[Observation]:
    """Draw the facts of all these months; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 — invented facts, not secrets
    known = {
        organisation.name: organisation
        for organisation in Organisation.objects.filter(name__in=ABOUT)
    }
    if not known:
        return
    for month in months:
        yield from draw_help_facts(chance, month, known)
        yield from draw_life_facts(chance, month, known)
        yield from draw_partner_facts(chance, month, known)


type Known = Mapping[str, Organisation]


def draw_organisation(chance: random.Random, known: Known) -> Organisation:
    return known[chance.choices(list(known), [ABOUT[name] for name in known])[0]]


def draw_help_facts(
    chance: random.Random, month: date, known: Known
) -> Iterator[Observation]:
    """Draw a slip for each: page by page, and some are put down before the end."""
    for _slip in range(SLIPS):
        about = draw_organisation(chance, known)
        for page in split_pages(SlipMoment.HELP):
            for question in page:
                yes = LESS.get(question, CONTENT) - BY * (about.name == WORSE_AT)
                said = build_fact(
                    about, SlipMoment.HELP, question, draw_answer(chance, yes)
                )
                yield build_observation(
                    get_fact_kind(SlipMoment.HELP), {**said, "month": month}
                )
            if chance.random() * 100 > TURNS_THE_PAGE:
                break


def draw_life_facts(
    chance: random.Random, month: date, known: Known
) -> Iterator[Observation]:
    for place, (moment, people) in enumerate(LATER.items()):
        for _slip in range(people):
            about = draw_organisation(chance, known)
            for question, yes in REACHED.items():
                said = build_fact(
                    about, moment, question, draw_answer(chance, yes[place])
                )
                yield build_observation(get_fact_kind(moment), {**said, "month": month})


def draw_partner_facts(
    chance: random.Random, month: date, known: Known
) -> Iterator[Observation]:
    for side in PartnerSide:
        for _referral in range(RATED):
            of = draw_organisation(chance, known)
            for question in ASKED[side]:
                said = {
                    "result": draw_answer(chance, WELL.get(P(question), CONTENT)),
                    "topic": str(question),
                    "sector": of.sphere,
                    "agency": build_agency_code(of),
                    "month": month,
                }
                yield build_observation("partner", said)


def draw_answer(chance: random.Random, yes: int) -> str:
    if chance.random() * 100 < yes:
        return "yes"
    return chance.choice(("partly", "partly", "no"))
