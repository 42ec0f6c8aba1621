"""Work in each state, two who judge it, a first certificate, and the role it opens."""

from datetime import timedelta

from django.utils import timezone

from amana.academy.assessment import actions, certification
from amana.academy.assessment.actions import CriterionMark
from amana.academy.assessment.models import CertificateName, HandIn
from amana.academy.assessment.rubrics import get_rubric
from amana.academy.courses.models import Enrolment
from amana.academy.credentials.models import Certificate
from amana.academy.gates import actions as gates
from amana.academy.gates.models import Requirement, RequirementException
from amana.academy.gates.requirement_status import TO_GIVE, list_standings
from amana.demo.country import DemoCountry
from amana.demo.dates import learn_all, list_learners
from amana.demo.made_work import submit_made_work
from amana.trust.access.models import Role, User

MODULE = "m1"
WORK = """\
We called each of the seven numbers at ten in the evening. Danger to life, care after \
sexual violence and a child alone were answered within two minutes, in two languages. \
Nobody answers for an interpreter after eight: this is a gap, and we propose a rota of \
three volunteers.

My routine sentence: "I see everybody alone for five minutes, it is the same for all." \
Before I ask anything I say who I am, what I have to report, and that she may stop at \
any time. What she needs now comes before what happened.

People who were smuggled are told of the migrant clinic. For a child alone we call the \
Lantern Centre first, by day and night."""
SHORT = "The numbers of last year are still on the wall of our office."


def mark_work(country: DemoCountry) -> str:
    """Submit work, mark it and issue a certificate; return the line of progress."""
    judges = [user for _role, user in country.members[country.academy.pk]]
    for assessor in judges:
        actions.appoint(assessor, by=country.coordinator)
    who = [
        learner for learner in list_learners(country) if Role.SCREENER in learner.roles
    ][:2]
    who += [learner for learner in list_learners(country) if learner not in who][:2]
    passed, revised, taken, _waiting = (
        submit_work(person, SHORT if nth == 1 else WORK)
        for nth, person in enumerate(who)
    )
    first, second = judges[:2]
    for work, by in ((passed, first), (revised, second), (taken, first)):
        actions.take_work(work, by=by)
    mark_hand_in(passed, top=True, by=first)
    mark_hand_in(revised, top=False, by=second)
    learn_all(passed.enrolment, modules=2)
    certify(passed.enrolment)
    allow_learners(country)
    return "Work that is judged"


def submit_work(person: User, words: str) -> HandIn:
    enrolment = Enrolment.objects.for_page().filter(person=person)[0]
    return submit_made_work(enrolment, MODULE, words)


def mark_hand_in(work: HandIn, *, top: bool, by: User) -> None:
    passage = work.words[:70].rpartition(" ")[0]
    verdicts = [
        CriterionMark(len(criterion["levels"]) - 1 if top else 0, "text", passage)
        for criterion in get_rubric(work.enrolment, work.module)
    ]
    to_do = "" if top else "Call each number once, and write down who answered."
    actions.mark_work(work, verdicts, to_do=to_do, by=by)


def certify(enrolment: Enrolment) -> None:
    actions.choose_name(enrolment, CertificateName.Shown.NAME, by=enrolment.person)
    certification.certify(enrolment)


def allow_learners(country: DemoCountry) -> None:
    """Allow colleagues of those who hold the certificate to act while they learn."""
    asked = set(Requirement.objects.values_list("certificate", flat=True))
    teams = {
        team
        for certificate in Certificate.objects.filter(achievement__code__in=asked)
        for team in certificate.learner.memberships.active().values_list(
            "team", flat=True
        )
    }
    for standing in list_standings():
        place = standing.membership
        if place.team_id in teams and standing.kind not in TO_GIVE:
            gates.allow_role(
                place.user,
                place.team,
                standing.requirement.certificate,
                until=timezone.now() + timedelta(days=80),
                reason=RequirementException.Reason.LEARNING,
                by=country.coordinator,
            )
