"""The year before: complaints and what was answered, what the survivors' council
advised, and slips about life later on. All of it through the real actions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from amana.demo.clock import DemoClock, Story, run_stories
from amana.demo.country import DemoCountry
from amana.demo.survey_answers import LATER, REACHED, draw_answer
from amana.insight.advocacy import actions as advocacy
from amana.insight.costing import actions as costs
from amana.insight.costing.models import CostCentre
from amana.insight.feedback import actions
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    DeskDuty,
)
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.rules import SPEAKS
from amana.insight.measure import actions as figures
from amana.insight.measure.models import CountryNumber
from amana.trust.access.models import Role

LENGTH = 400
"""Days from the start of the clock to today."""
READERS, BODY = "Many Voices", "Open Door Legal Aid"
ASKED_AT = tuple(LATER)
DAY = 24.0

COMPLAINTS = (
    (
        "Harbour House",
        ComplaintKind.TREATMENT,
        "The man at the door laughed at me.",
        ComplaintOutcome.RIGHT,
        "You were right. He was told, and everybody at the door has been trained.",
    ),
    (
        "Central Hospital",
        ComplaintKind.REFUSED,
        "I waited for four hours, and then I was told to come back.",
        ComplaintOutcome.PARTLY,
        "We are sorry. There was one nurse that day. Now it is said how long it takes.",
    ),
    (
        "Stillwater Counselling",
        ComplaintKind.SECRET,
        "They asked me about it in the corridor.",
        ComplaintOutcome.RIGHT,
        "You were right. They speak with people in a room now, and close its door.",
    ),
    (
        "Dar Amal",
        ComplaintKind.FORCED,
        "I had to sign a paper that nobody explained.",
        ComplaintOutcome.PARTLY,
        "The paper was about the rules of the house. It is read aloud now, in your "
        "language, and nobody has to sign it on the first day.",
    ),
    (
        None,
        ComplaintKind.OTHER,
        "My bag was gone after I moved.",
        ComplaintOutcome.NOT,
        "We asked both houses, and could not find out who took it.",
    ),
    (
        "Migrant Support International",
        ComplaintKind.MONEY,
        "Somebody asked me for money for a letter.",
        ComplaintOutcome.PASSED,
        "Nobody may ask this. Those who decide about that person know of it now.",
    ),
)
BETWEEN, TOOK, TOOK_LONG = 14, (9, 12, 7, 14, 11, 10), 38
"""Days: from one complaint to the next, and until each was answered."""
LATE = (2, 11, 20)
"""Which of them, by their number, were answered late."""


INHABITANTS = 3_400_000
SPENT = ((CostCentre.CASES, 310_000, 244_000), (CostCentre.SHELTER, 420_000, 351_000))
RECOMMENDED = (
    (
        "rapporteur",
        "Annual report, recommendation 4",
        "Talk with people at the border where nobody else listens.",
    ),
    (
        "upr",
        "Third cycle, recommendation 118",
        "Let people work while their application waits.",
    ),
)


@dataclass(frozen=True)
class InventedAdvice:
    """A recommendation of the council; without an answer, no one gave one."""

    to: str
    days_ago: int
    says: dict[str, str]
    answer: dict[str, str] | None = None
    adopted: bool = True


DUE_AFTER, ANSWERED_AFTER = 60, 40
COUNCIL = (
    InventedAdvice(
        "National Police",
        350,
        {
            "en": "Come to a house without a uniform, and in a car without signs.",
            "fr": "Venez dans une maison sans uniforme et dans une voiture sans signe.",
            "ar": "تعالوا إلى البيت بلا زيّ رسمي وفي سيارة بلا علامات.",
        },
        {
            "en": "Agreed. Our unit now comes in plain clothes.",
            "fr": "D’accord. Notre unité vient désormais en civil.",
            "ar": "نوافق. تأتي وحدتنا الآن بملابس مدنية.",
        },
    ),
    InventedAdvice(
        "Central Hospital",
        290,
        {
            "en": "Let each person choose whether a woman or a man examines them.",
            "fr": "Laissez chaque personne choisir si une femme ou un homme l’examine.",
            "ar": "دعوا كلّ شخص يختار أن يفحصه رجل أو امرأة.",
        },
        {
            "en": "Agreed. We ask when the appointment is made, and keep to it.",
            "fr": "D’accord. Nous le demandons en fixant le rendez-vous, et le "
            "respectons.",
            "ar": "نوافق. نسأل عن ذلك عند تحديد الموعد ونلتزم به.",
        },
    ),
    InventedAdvice(
        "Labour Inspection Service",
        230,
        {
            "en": "Don’t go to a work place on the day after somebody complained: the "
            "employer knows at once who it was.",
            "fr": "N’allez pas sur un lieu de travail le lendemain d’une plainte : "
            "l’employeur sait aussitôt de qui elle vient.",
            "ar": "لا تذهبوا إلى مكان العمل في اليوم التالي لشكوى: يعرف صاحب العمل "
            "فورًا من اشتكى.",
        },
        {
            "en": "Not as a rule: where there is danger we have to go at once. "
            "Elsewhere we now visit several work places on the same day.",
            "fr": "Pas toujours : en cas de danger, nous devons y aller aussitôt. "
            "Ailleurs, nous visitons désormais plusieurs lieux le même jour.",
            "ar": "ليس دائمًا: عند الخطر علينا أن نذهب فورًا. وفي غير ذلك نزور الآن "
            "عدّة أماكن في اليوم نفسه.",
        },
        adopted=False,
    ),
    InventedAdvice(
        "Open Door Legal Aid",
        160,
        {
            "en": "Give each person a paper in their language that says what the "
            "lawyer does next.",
            "fr": "Donnez à chaque personne un papier dans sa langue qui dit ce que "
            "l’avocate fera ensuite.",
            "ar": "أعطوا كلّ شخص ورقة بلغته تقول ما سيفعله المحامي بعد ذلك.",
        },
        {
            "en": "Agreed, in six languages. There is no name on the paper.",
            "fr": "D’accord, en six langues. Le papier ne porte aucun nom.",
            "ar": "نوافق، بستّ لغات. ولا اسم على الورقة.",
        },
    ),
    InventedAdvice(
        "Border Guard",
        130,
        {
            "en": "Bring an interpreter who is not from the same town.",
            "fr": "Faites venir un interprète qui n’est pas de la même ville.",
            "ar": "أحضروا مترجمًا ليس من المدينة نفسها.",
        },
    ),
)
SLIPS = (
    (360, "Dar Amal"),
    (270, "Harbour House"),
    (180, "Dar Amal"),
    (90, "Harbour House"),
)
"""So many days ago, a sheet of each house: about life at the beginning, then later."""


def run_year_before(country: DemoCountry, clock: DemoClock) -> str:
    """Appoint who reads and who answers, and live through the year up to where cases
    begin.
    """
    for name, duty in ((READERS, DeskDuty.FEEDBACK), (BODY, DeskDuty.COMPLAINTS)):
        actions.appoint_team(country.teams[name], duty, by=country.coordinator)
    figures.record_country_number(
        CountryNumber.What.INHABITANTS,
        year=timezone.localdate().year,
        number=INHABITANTS,
        source="Statistical Office of Merravia",
        by=country.coordinator,
    )
    today = clock.now + timedelta(days=LENGTH)
    for _ended in run_stories(clock, iterate_stories(country, today)):
        pass
    return "The year before"


def iterate_stories(
    country: DemoCountry, today: datetime
) -> Iterator[tuple[datetime, Story]]:
    for number, days_ago in enumerate(range(LENGTH - 2, 75, -BETWEEN)):
        yield today - timedelta(days=days_ago), play_complaint(country, number)
    for advised in COUNCIL:
        yield today - timedelta(days=advised.days_ago), play_advice(country, advised)
    yield today - timedelta(days=300), play_funding(country)
    for moment, (days_ago, house) in zip(ASKED_AT, SLIPS, strict=True):
        yield today - timedelta(days=days_ago), play_slips(country, house, moment)


def play_complaint(country: DemoCountry, number: int) -> Story:
    name, kind, words, outcome, answered = COMPLAINTS[number % len(COMPLAINTS)]
    about = country.teams[name].organisation if name else None
    code = actions.take_complaint(kind, words, about=about)
    yield 1.5 * DAY
    by = country.who(country.teams[BODY], Role.SUPERVISOR)
    complaint: Complaint = actions.look_up_complaint(code).complaint
    actions.acknowledge_complaint(complaint, by=by)
    yield DAY * (TOOK_LONG if number in LATE else TOOK[number % len(TOOK)])
    actions.close_complaint(complaint, outcome, answered, by=by)


def play_advice(country: DemoCountry, advised: InventedAdvice) -> Story:
    team = country.teams[advised.to]
    made = actions.record_advice(
        advised.says,
        to=team.organisation,
        due_on=timezone.localdate() + timedelta(days=DUE_AFTER),
        by=country.coordinator,
    )
    if advised.answer is None:
        yield DAY * (DUE_AFTER + 1)
        actions.count_late_advice()
        return
    yield DAY * ANSWERED_AFTER
    by = country.who(team, *SPEAKS)
    actions.answer_advice(made, adopted=advised.adopted, answer=advised.answer, by=by)


def play_funding(country: DemoCountry) -> Story:
    """Record what the law pays each year; and of two reports, the result of their
    advice.
    """
    analyst = country.who(country.teams["National Coordination Office"], Role.ANALYST)
    fund = costs.add_fund(
        "Ministry of Justice, line 6", kind="ministry", domestic=True, by=analyst
    )
    today = timezone.localdate()
    grant = costs.record_grant(
        costs.GrantValues(
            *(fund, "Case work and safe nights", "EUR"),
            *(date(today.year, 1, 1), date(today.year + 1, 12, 31)),
            source="Invented for the demo",
        ),
        by=analyst,
    )
    made = [
        advocacy.record_recommendation(
            words, monitor=monitor, source=source, given_on=today, by=analyst
        )
        for monitor, source, words in RECOMMENDED
    ]
    yield 190 * DAY
    for centre, committed, spent in SPENT:
        costs.record_money(
            grant,
            year=today.year,
            centre=centre,
            committed=Decimal(committed),
            spent=Decimal(spent),
            by=analyst,
        )
    advocacy.update_recommendation(
        made[0],
        "implemented",
        how="Each interview in a room of its own, since the new stations opened.",
        by=analyst,
    )


def play_slips(country: DemoCountry, name: str, moment: str) -> Story:
    """Answer a sheet of slips that people of a house draw from a box, over two
    weeks."""
    house = country.teams[name]
    chance = random.Random(name + moment)  # noqa: S311 — invented answers, not secrets
    by = country.who(house, Role.SUPERVISOR)
    for code in actions.print_slips(house.organisation, SlipMoment(moment), by=by):
        yield DAY
        yes = {q: some[ASKED_AT.index(moment)] for q, some in REACHED.items()}
        actions.answer_with_slip(
            code, {q: draw_answer(chance, n) for q, n in yes.items()}
        )
