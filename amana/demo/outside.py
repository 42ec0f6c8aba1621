"""An agency that never logs in: a parish with a telephone, a mailbox and two beds.

It is made by the screens' own actions, and answers as it would in life: once on a page
that a spoken code opens, and afterwards by its return slip."""

from datetime import timedelta

from amana.care.referrals import actions as referrals
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.models import Referral
from amana.demo.country import DemoCountry, read_file
from amana.demo.invented_cases import OPENS, InventedPerson
from amana.demo.stories import CaseStoryteller
from amana.design.directory import actions as directory
from amana.design.directory.models import Area, Service
from amana.trust.access import actions as access
from amana.trust.access.models import Role, User
from amana.trust.vault import handover, slips
from amana.trust.vault.models import ReturnSlip

NAME, TEAM = "Saint Brigid Parish", "Night desk"
SENT_BY = "Migrant Support International"
ANSWERED = InventedPerson("Almaz Tesfaye", "female", 24, "ET", ["am", "ti"])
WAITING = InventedPerson("Grace Mutesi", "female", 31, "UG", ["en"])
ASKED = {
    "type": "SH1",
    "urgency": "U1",
    "words": ["A bed for some nights, where nobody asks for papers."],
}


def add_parish(country: DemoCountry) -> Service:
    """Enter it as an administrator, have people of two other organisations sign for
    what it is, and publish what it offers as the coordinator.
    """
    office = country.teams["National Coordination Office"]
    first, second = [
        user for role, user in country.members[office.pk] if role == Role.ADMINISTRATOR
    ][:2]
    organisation = access.propose_organisation(
        name=NAME, kind="community", sphere="humanitarian", by=first
    )
    access.admit(organisation, by=second)
    access.admit(organisation, by=find_other_supervisor(country))
    team = access.add_team(
        organisation,
        name=TEAM,
        email="night.desk@brigid.example",
        phone="555 0240",
        by=first,
    )
    place = read_file("places.toml")["place"]["port"]
    service = directory.publish_service(
        team,
        by=country.coordinator,
        name="Night beds and midwife",
        name_fr="Lits de nuit et sage-femme",
        name_ar="أسرّة ليلية وقابلة",
        types=["SH1", "HE4"],
        area=Area.objects.get(code=place["area"]),
        address=place["address"],
        lat=place["lat"],
        lon=place["lon"],
        languages=["en", "ar"],
        phone="555 0240",
        hours=[[0, 7 * 24 * 60]],
        answers_within_hours=12,
        referral_method="phone",
    )
    directory.verify_service(service, by=country.coordinator)
    return service


def find_other_supervisor(country: DemoCountry) -> User:
    members = country.members[country.teams[SENT_BY].pk]
    return next(user for role, user in members if role == Role.SUPERVISOR)


def refer_to_parish(country: DemoCountry, teller: CaseStoryteller) -> str:
    """Send one referral that it answers twice by itself, and one that waits to be
    opened.
    """
    service = add_parish(country)
    worker = country.who(country.teams[SENT_BY], *OPENS)
    answer_twice(send_case(teller, ANSWERED, service, worker), worker)
    waiting = send_case(teller, WAITING, service, worker)
    referrals.offer_page(waiting, by=worker)
    referrals.offer_slip(waiting, way=ReturnSlip.Way.PAPER, by=worker)
    return "A parish without accounts"


def send_case(
    teller: CaseStoryteller, person: InventedPerson, service: Service, worker: User
) -> Referral:
    case = teller.open(teller.country.teams[SENT_BY], worker, person, ASKED)
    return teller.send(case.needs.get(), person, service, worker)


def answer_twice(referral: Referral, worker: User) -> None:
    """Answer by the page: yes. Then by the slip that came with it: an appointment."""
    offered = referrals.offer_page(referral, by=worker)
    page = handover.find_opened_page(
        offered.offer.pk, ways.open_page(offered.offer.pk, offered.code)
    )
    assert page is not None
    referral.refresh_from_db()
    referrals.accept(
        referral,
        by=ways.build_page_outsider(page, "Agnes"),
        note="Ring the bell twice.",
    )
    slip = slips.find_open_slip(ways.show_slip(page.slip))
    assert slip is not None
    referrals.make_appointment(
        referral,
        at=page.until + timedelta(hours=20),
        where="At the gate of the parish",
        by=ways.build_slip_outsider(slip, "Agnes"),
    )
