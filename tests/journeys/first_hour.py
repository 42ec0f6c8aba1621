"""A telephone and a desk in the first hour, and the steps from a question to a
referral."""

from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize

from amana import given
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.requests.models import Enquiry
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure
from tests.journeys.conftest import WIDTHS, Watch, overflow
from tests.journeys.hands import Hand

Look = Callable[[Page, str], None]
PHONE: ViewportSize = {"width": 360, "height": 740}
NAME, WORDS, PLACE = "Hope", "A door that I can lock.", "Ferry terminal, gate 3"
MOST_TAPS, MOST_PAGES, MOST_HEARD, MOST_HEARD_OF_THREE = 14, 8, 120, 150
HEARD = "() => document.querySelector('.consent-steps').innerText"


def look_on_phone_and_desk(accessible: Callable[[Page], None]) -> Look:
    """See that a page is sound, and fits a phone and a desk; no picture is kept."""

    def look(page: Page, name: str) -> None:
        accessible(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert overflow(page) == [], f"{name} is wider than {width} pixels"
        page.set_viewport_size(PHONE)

    return look


def a_house(name: str, **fields: object) -> tuple[Service, User]:
    sphere = fields.pop("sphere", Sphere.HUMANITARIAN)
    of = given.make_organisation(name=name, sphere=sphere)
    team = given.make_team(of=of, name=f"{name} team", phone="+999 20 555 0202")
    answers = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Grace Achieng")
    usual = {"types": ["SH2"], "counts_places": True, "name": f"{name}: house"}
    return given.make_service(of=team, by=answers, **usual | fields), answers


def on_a_phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def find_help(hand: Hand, look: Look) -> None:
    """From the first question to the services that can be chosen."""
    page = hand.page
    page.goto("/cases/meet/")
    while page.locator("#gate").count():
        hand.sees()
        look(page, "first-gate")
        hand.answer_safely()
        hand.press("go", "next")
    hand.sees()
    look(page, "first-intake")
    hand.type("identity_name", NAME)
    hand.choose("identity_sex", "female")
    hand.choose("need-0-type", "SH2")
    hand.type("need-0-words", WORDS)
    hand.type("needs_area", PLACE)
    hand.press("go", "find_help")
    hand.sees()
    look(page, "first-choose")


def agree(hand: Hand, look: Look, name: str, *, most: int = MOST_HEARD) -> None:
    hand.sees()
    look(hand.page, name)
    assert len(str(hand.page.evaluate(HEARD)).split()) <= most
    hand.tick("understood")
    hand.press("answer", "given")


def withdraw(sender: Page, consent: Consent, look: Look) -> None:
    sender.goto(f"/cases/{consent.case_id}/")
    look(sender, "first-case")
    hand = Hand(sender)
    hand.tap(sender.locator(f'main a[href*="{consent.pk}"][href*="withdraw"]').first)
    look(sender, "first-withdraw")
    hand.submit()
    assert hand.taps == 2


def is_short(hand: Hand) -> None:

    assert hand.taps <= MOST_TAPS
    assert len(hand.pages) <= MOST_PAGES
    assert hand.answers == len(given.SAFE_ANSWERS)


def knows_nothing(page: Page) -> bool:
    return not any(said in page.content() for said in (NAME, WORDS, PLACE))


def not_told(page: Page, enquiry: Enquiry, look: Look, watch: Watch) -> None:
    """Neither its pages nor the rows of the database tell this team anything of her."""
    for address in ("/today/", "/referrals/received/"):
        page.goto(address)
        assert knows_nothing(page)
        assert str(enquiry.pk) not in page.content()
    look(page, "first-not-told")
    watch.expect("404 (Not Found)")
    page.goto(f"/requests/received/{enquiry.pk}/")
    assert knows_nothing(page)
    enquiry.refresh_from_db()
    assert enquiry.status in {"waiting", "closed"}
    assert enquiry.asked_at is None
    team = enquiry.recipient
    assert not Referral.objects.filter(recipient=team).exists()
    copies = Disclosure.objects.filter(recipient=team)
    assert not copies.filter(held_back=False).exists()
    members = [str(pk) for pk in team.memberships.values_list("user_id", flat=True)]
    assert enquiry.request.case_id
    about_her = AuditEvent.objects.touching_case(enquiry.request.case_id)
    assert members
    assert not about_her.filter(actor__in=members).exists()
