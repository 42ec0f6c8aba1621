"""The pages that people open all day, at 1,000, 10,000 and 100,000 cases: whole
requests through every middleware, with sessions, keys, decryption and audit.

The peers' figures are those measured on the same kind of machine, on 2 cores, for a
general case tool: a list of 15–25 referrals took 94–164 queries and 146–184 ms of CPU,
opening one screening 938 queries, creating a referral 39 queries and 49 ms.
"""

import os

from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import finding, sections
from amana.care.cases.models import Assignment, Case, Need
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.requests import actions as requests
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.trust.vault import cards
from amana.trust.vault.compartments import Compartment
from benchmarks import world
from benchmarks.bench import bench
from benchmarks.world_rows import World

SIZES = [int(n) for n in os.environ.get("SIZES", "1000,10000,100000").split(",")]
LIST = "146–184 ms, 94–164 queries"


def a_need(here: World) -> Need:
    """Of a new case, with what the page that sends it loads along."""
    case = given.make_case(worked_on_by=here.sender)
    along = [f"case__{what}" for what in sections.ALONG]
    return case.needs.select_related("case__team__organisation", *along).get()


def agreed(here: World) -> tuple[Need, Consent, Service]:
    """A new case whose person agreed; what comes before the sending."""
    need = a_need(here)
    house = three_houses(here)[0]
    consent = given.make_consent(need.case, to=house.team, by=here.sender)
    return need, consent, house


def three_houses(here: World) -> list[Service]:
    rows = Service.objects.select_related("organisation", "team__organisation")
    return list(rows.filter(pk__in=[house.pk for house in here.elsewhere]))


def agree(need: Need, houses: list[Service], here: World) -> list[Consent]:
    """The person heard one text about these three, in this order."""
    teams = [house.team for house in houses]
    return given.make_consents(need.case, to=teams, by=here.sender)


def agreed_to_three(here: World) -> tuple[Need, list[Service], list[Consent]]:
    need, houses = a_need(here), three_houses(here)
    return need, houses, agree(need, houses, here)


def measure(here: World, size: int) -> None:
    worker, answerer = given.sign_in(here.worker), given.sign_in(here.answerer)
    supervisor = given.sign_in(here.supervisor)

    def of(what: str) -> str:
        return f"{what}, {size:,} cases"

    @bench(of("Inbox"), at_most_ms=15, at_most_queries=10, peer=LIST)
    def _inbox() -> None:
        assert answerer.get(reverse("referrals:inbox")).status_code == 200

    @bench(of("Case list"), at_most_ms=15, at_most_queries=10, peer=LIST)
    def _list() -> None:
        assert worker.get(reverse("cases:mine")).status_code == 200

    @bench(of("Case list of the whole team"), at_most_ms=15, at_most_queries=10)
    def _team() -> None:
        assert supervisor.get(reverse("cases:team")).status_code == 200

    @bench(of("What we sent"), at_most_ms=15, at_most_queries=10, peer=LIST)
    def _sent() -> None:
        assert worker.get(reverse("referrals:sent")).status_code == 200

    for name, browser, page, asked in (
        ("Inbox", answerer, "referrals:inbox", "?urgency=U0&urgency=U1&due=late"),
        ("Inbox", answerer, "referrals:inbox", "?need=SH&handler=none&sort=deadline"),
        ("Case list", worker, "cases:mine", "?urgency=U0&due=late&sort=opened"),
        ("Case list of the whole team", supervisor, "cases:team", "?need=SH&due=late"),
        ("Case list of the whole team", supervisor, "cases:team", "?sort=rank"),
        ("What we sent", worker, "referrals:sent", "?urgency=U0&sort=-deadline"),
    ):
        measure_filtered(of(f"{name}, {asked}"), browser, reverse(page) + asked)

    for who, browser in (
        ("a case worker", worker),
        ("a focal point", answerer),
        ("a supervisor", supervisor),
    ):
        measure_today(of(f"Your tasks, {who}"), browser)

    held = Case.objects.filter(team=here.ours).count()

    @bench(of(f"Search, {held:,} sealed cards"), at_most_ms=200, times=5)
    def _search() -> None:
        said = {"q": "Hiwot Osman"}  # who supervises searches all of the team's
        page = supervisor.post(reverse("cases:search"), said)
        assert b"found-one" in page.content

    @bench(of(f"Search of everything, {held:,} sealed cards"), at_most_ms=100, times=5)
    def _everything() -> None:
        page = supervisor.post(reverse("home:search"), {"q": "Hiwot Osman"})
        assert b"found-list" in page.content

    _case, known = next(cards.open_cards(by=here.worker))

    @bench(of(f"Known already? {held:,} sealed cards"), at_most_ms=200, times=5)
    def _known() -> None:
        said = {Compartment.IDENTITY: known}
        assert finding.find_known_people(said, by=here.worker)

    received = Referral.objects.filter(recipient=here.service.team).to_answer()
    to_decide = reverse("referrals:referral", args=[received.latest("sent_at").pk])

    @bench(of("Opening a referral to decide on"), at_most_ms=30, at_most_queries=25)
    def _decide() -> None:
        assert answerer.get(to_decide).status_code == 200

    mine = Assignment.objects.filter(worker=here.worker)
    case = Case.objects.filter(pk__in=mine.values("case")).latest("opened_at")

    # With the safety answers of a first meeting, and of a later talk, in its head.
    for answers in (given.SAFE_ANSWERS, {"SAFE10": "yes", "SAFE01": "no"}):
        cases.ask_gate_again(case, answers=answers, by=here.worker)

    @bench(of("Opening a case"), at_most_ms=20, at_most_queries=18, peer="938 queries")
    def _open() -> None:
        assert worker.get(reverse("cases:case", args=[case.pk])).status_code == 200

    @bench(
        of("Sending a referral: consent, sealing, audit, clock"),
        at_most_ms=25,
        at_most_queries=30,
        peer="49 ms, 39 queries",
        each=lambda: agreed(here),
    )
    def _send(agreed: tuple[Need, Consent, Service]) -> None:
        need, consent, service = agreed
        referrals.send(need, to=service, consent=consent, by=here.sender)

    @bench(
        of("Hearing the answer about three houses: text, consents, facts"),
        at_most_ms=60,
        at_most_queries=30,
        each=lambda: (a_need(here), three_houses(here)),
    )
    def _agree(asked: tuple[Need, list[Service]]) -> None:
        need, houses = asked
        agree(need, houses, here)

    @bench(
        of("Asking three houses, in order: sealing, audit, clock"),
        at_most_ms=60,
        at_most_queries=35,
        each=lambda: agreed_to_three(here),
    )
    def _ask(agreed: tuple[Need, list[Service], list[Consent]]) -> None:
        need, houses, consents = agreed
        requests.ask(
            need,
            services=houses,
            agreed=consents,
            order=AskingOrder.IN_TURN,
            note="Two children are with her.",
            by=here.sender,
        )

    sender = given.sign_in(here.sender)

    @bench(
        of("What we sent, with 25 requests for help above it"),
        at_most_ms=30,
        at_most_queries=12,
    )
    def _sent_with_requests() -> None:
        assert sender.get(reverse("referrals:sent")).status_code == 200


def measure_filtered(what: str, browser: Client, address: str) -> None:
    @bench(what, at_most_ms=15, at_most_queries=10)
    def _filtered() -> None:
        assert browser.get(address).status_code == 200


def measure_today(what: str, browser: Client) -> None:
    @bench(what, at_most_ms=20, at_most_queries=10)
    def _today() -> None:
        assert browser.get(reverse("home:today")).status_code == 200


for size in SIZES:
    measure(world.grown(size), size)
