"""The demo shows work in each state, and a certificate that the course issued."""

from amana import given
from amana.academy.assessment.models import Assessor, HandIn
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.credentials.models import Certificate
from amana.academy.gates.models import Requirement, RequirementException
from amana.demo import judging
from amana.demo.country import DemoCountry
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Mechanism
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def country(db):
    """An office, an academy with two who teach, and two posts of two people."""
    made = DemoCountry()
    people = {
        "National Coordination Office": [Role.COORDINATOR],
        "Academy": [Role.TRAINER, Role.TRAINER],
        "Border": [Role.SCREENER, Role.CASE_WORKER],
        "Shelter": [Role.SCREENER, Role.FOCAL_POINT],
    }
    for name, roles in people.items():
        team = made.teams[name] = given.make_team(name=name)
        members = [(role, given.make_worker(of=team, role=role)) for role in roles]
        made.members[team.pk] = members
        made.people |= {person.email: person for _role, person in members}
    version = courses.publish_version(small_course(), by=made.coordinator)
    for person in made.people.values():
        courses.begin_course(version, by=person)
    return made


def test_work_stands_in_each_state_and_one_is_certified(country):
    judging.mark_work(country)

    assert Assessor.objects.count() == 2
    statuses = HandIn.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["passed", "revise", "taken", "waiting"]
    certificate = Certificate.objects.get()
    assert certificate.attestation is None
    assert certificate.learner == country.members[country.teams["Border"].pk][0][1]


def test_colleagues_of_who_is_certified_go_on(country):
    border, by = country.teams["Border"], country.coordinator
    mechanism = Mechanism.objects.create(code="one", title="One")
    mechanisms.give_part(mechanism, "responder", border, by=by)
    Requirement.objects.create(
        mechanism=mechanism, part="responder", role="screener", certificate="basics"
    )

    judging.mark_work(country)

    allowed = RequirementException.objects.get()
    assert allowed.user == country.members[border.pk][1][1]
    assert (allowed.team, allowed.reason) == (border, "learning")
