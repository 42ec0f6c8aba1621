"""A case that a circle thinks about, a table at which five parties sit, a pair of a
mentor and a colleague, and what those who are certified go on talking about."""

from datetime import timedelta

from django.utils import timezone

from amana.academy.cohorts.models import Cohort
from amana.academy.community.alumni import actions as alumni
from amana.academy.community.alumni.models import TalkTheme
from amana.academy.community.mentoring import actions as mentoring
from amana.academy.community.mentoring.models import MentoringSide, MentoringWish
from amana.academy.credentials import attesting
from amana.academy.credentials.models import Certificate
from amana.academy.practice.labs import actions as labs
from amana.academy.practice.labs.engine.table import EVERYONE
from amana.academy.practice.labs.models import ClinicMessage, ClinicStage
from amana.demo.country import DemoCountry
from amana.demo.dates import find_colleagues_cohort
from amana.demo.judging import allow_learners
from amana.trust.access.models import Role, User

CASE = """\
A young woman came with an older man who answered every question. When I asked him to \
fill in a form outside, she said only that she may not be late. I gave her the number \
of the line in the lid of a soap box. I don't know whether she kept it."""
ASKS = "What would you have done with the one minute that I had?"
PARTIES = ("coordination", "police", "hospital", "shelter", "legal")


def meet_in_circle(country: DemoCountry) -> str:
    """Bring a case, negotiate, and match a pair; return the line of progress."""
    cohort = find_colleagues_cohort()
    if cohort is None:
        return "No circle"
    trainer = country.who(country.academy, Role.TRAINER)
    seated = cohort.applications.taking_part().select_related("person").order_by("pk")
    people = [
        country.people[application.person.email]
        for application in seated
        if application.person
    ]
    if len(people) > 1:
        discuss_case(cohort, people)
        discuss_case_of_course(cohort, people[0], trainer)
        negotiate(cohort, people, trainer)
        match_pair(people, trainer, country)
    continue_discussion(country, trainer)
    return "A circle, a table, a pair"


def discuss_case(cohort: Cohort, people: list[User]) -> None:
    presenter, other, *_rest = people
    clinic = labs.bring_case(cohort, CASE, asks=ASKS, by=presenter)
    labs.write_message(
        clinic,
        ClinicMessage.Kind.QUESTION,
        "Did she look at him before she spoke?",
        by=other,
    )
    labs.write_message(clinic, ClinicMessage.Kind.ANSWER, "Each time.", by=presenter)


def discuss_case_of_course(cohort: Cohort, person: User, trainer: User) -> None:
    """Open a case that the course brings, and give the first answer to a question."""
    clinic = labs.open_case(cohort, "lost-loop", by=trainer)
    labs.advance(clinic, to=ClinicStage.QUESTIONS, by=trainer)
    labs.write_message(
        clinic, ClinicMessage.Kind.QUESTION, "Where did the forms arrive?", by=person
    )
    labs.give_answer(clinic, "where-they-go", by=trainer)


def negotiate(cohort: Cohort, people: list[User], trainer: User) -> None:
    table = labs.open_lab(cohort, "old-harbour", by=trainer)
    seats = dict(zip(PARTIES, people, strict=False))
    for party, person in seats.items():
        labs.take_seat(table, party, by=person)
    for to in (1, 2, 3):
        labs.begin_round(table, to=to, by=trainer)
    first, *others = seats.values()
    agreed = labs.propose(
        table,
        "answer",
        option="hours12",
        words="Within 12 hours, at night too. A receipt is no answer.",
        why="A nurse can answer by then.",
        by=first,
    )
    for person in others:
        labs.accept(agreed, by=person)
    offered = labs.propose(
        table,
        "police",
        option="name",
        words="Their name and where to reach them, once they have asked for it.",
        why="No one is forced.",
        by=others[0],
    )
    labs.refuse(offered, why="Where they sleep must never be part of it.", by=first)
    labs.write_in_channel(
        table, EVERYONE, "What would go wrong for you at four hours?", by=first
    )


def match_pair(people: list[User], trainer: User, country: DemoCountry) -> None:
    mentee = people[-1]
    offers = record_wish(MentoringSide.MENTOR, trainer)
    looks = record_wish(MentoringSide.MENTEE, mentee)
    pair = mentoring.propose_pair(looks, offers, months=3, by=country.coordinator)
    for person in (trainer, mentee):
        mentoring.agree_to_pair(pair, by=person)
    month = mentoring.record_check_in(
        pair,
        timezone.localdate(),
        better="We see everybody alone for five minutes, and nobody asks why any more.",
        stuck="On Sundays no interpreter answers.",
        doing="Ask the two mediators for a rota.",
        by=mentee,
    )
    mentoring.record_reply(
        month, "What would make it easy for them to say yes?", by=trainer
    )
    soon = timezone.localdate() + timedelta(days=30)
    mentoring.record_commitment(
        pair, "A rota of interpreters on the wall", due_on=soon, by=mentee
    )
    record_wish(MentoringSide.MENTEE, people[0])


def record_wish(side: MentoringSide, person: User) -> MentoringWish:
    return mentoring.record_wish(
        side,
        sector="protection",
        languages=["en", "fr"],
        region="Merravia",
        most=3,
        by=person,
    )


def continue_discussion(country: DemoCountry, trainer: User) -> None:
    """Certify a colleague too, and have both continue a discussion."""
    held = Certificate.objects.in_force().select_related("achievement", "learner")
    first = held.earliest("issued_at")
    certified = country.people[first.learner.email]
    colleague = country.people["grace.achieng@daramal.example"]
    if colleague == certified:
        return
    levels = {
        criterion["code"]: criterion["required"]
        for criterion in first.achievement.rubric
    }
    proposed = attesting.propose_attestation(
        first.achievement,
        colleague,
        reason="She led four referrals of a workshop in which no course was running.",
        levels=levels,
        named=True,
        by=country.coordinator,
    )
    attesting.sign(proposed, by=trainer)
    allow_learners(country)
    for person in (certified, colleague):
        alumni.join_circle(by=person)
    talk = alumni.begin_talk(
        TalkTheme.SIGNS,
        "How do you get one minute alone when somebody answers for them?",
        by=colleague,
    )
    alumni.answer_talk(
        talk, "The form has a page that is filled in alone.", by=certified
    )
    alumni.announce_clinic(
        timezone.now() + timedelta(days=9),
        where="Room 4, and by telephone",
        about="A clinic on consent that is taken back",
        by=trainer,
    )
