"""Two who play whatever scenario: one does what a careful worker would do, the other
what the criteria of conduct are there to show.

What people do without the engine they note on the page of their seat, through HTTP; the
rest they do by the actions that the pages of their work call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from amana import given
from amana.academy.exercises.engine.scenario import InventedPerson, Scenario, Seat
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models.case_needs import UnmetReason
from amana.care.cases.models.case_record import Case, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.states import (
    DeclineReason,
    ReferralOutcome,
    ReferralStatus,
)
from amana.design.directory.models import Service
from amana.design.mechanism.choosing import find_first_version
from amana.errors import Refused
from amana.sandbox import agency_accounts, agency_places, country
from amana.sandbox.here import STAGE
from amana.sandbox.tests.answers import answer_form
from amana.trust.access.models import Role, User

MINUTE = timedelta(minutes=1)
BORDER = "border_guard"
SERVING = (ReferralStatus.ACCEPTED, ReferralStatus.STARTED)

type Task = tuple[timedelta, Callable[[], None]]


class Room(Protocol):
    """Who holds which seat, and by which browser they act there."""

    scenario: Scenario
    played: frozenset[str]

    def post(self, seat: str, page: str, **said: Any) -> None: ...
    def get_user(self, seat: str) -> User: ...
    def get_account_user(self, account: str) -> User: ...


@dataclass
class Player:
    """Plays all seats that are played in a room."""

    room: Room
    sent: list[Referral] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    # -- who

    @property
    def scenario(self) -> Scenario:
        return self.room.scenario

    @property
    def meets(self) -> str:
        """The seat that meets the people first: of those that are played, the first."""
        return next(code for code in self.scenario.seats if code in self.room.played)

    @property
    def helped(self) -> list[InventedPerson]:
        """Those who have something to disclose."""
        return [person for person in self.scenario.people.values() if person.knows]

    def list_other_agencies(self) -> list[str]:
        """List who can be asked for help: no border authority, and not one's own."""
        own = self.scenario.seats[self.meets].agency
        return [
            code
            for code in self.scenario.agencies
            if code not in (own, BORDER) and self.find_service(code)
        ]

    def find_service(self, agency: str) -> Service | None:
        services = agency_places.list_services(agency)
        return services.filter(accepts_referrals=True).first()

    def find_seat_of(self, agency: str) -> Seat | None:
        """Find the played seat of an agency that answers referrals."""
        seats = (s for s in self.scenario.seats.values() if s.agency == agency)
        return next((seat for seat in seats if seat.code in self.room.played), None)

    # -- what is done

    def note(self, act: str, person: str, **said: Any) -> None:
        self.room.post(self.meets, "act", act=act, person=person, **said)

    def open_case(self, person: InventedPerson, agency: str, **more: Any) -> Case:
        """Open a case with a need that an agency can meet, and name its person."""
        service = self.find_service(agency)
        assert service is not None
        case = given.make_case(
            worked_on_by=self.room.get_user(self.meets),
            needs=[StatedNeed(service.types[0], Urgency.U2, "Help")],
            identity_name=person.name,
            **more,
        )
        self.room.post(self.meets, "about", case=str(case.pk), person=person.code)
        return case

    def screen(self, case: Case) -> None:
        version = find_first_version()
        assert version is not None
        names = list(version.pack.instruments)
        name = "quick-screening" if "quick-screening" in names else names[0]
        given.make_screening(
            by=self.room.get_user(self.meets),
            case=case,
            version=version,
            instrument=name,
            **answer_form(version.pack.forms[name]),
        )

    def refer(self, case: Case, agency: str) -> Referral | None:
        by, service = self.room.get_user(self.meets), self.find_service(agency)
        (need,) = given.open_needs(case, by=by)
        assert service is not None
        try:
            referral = given.make_referral(need=need, to=service, by=by)
        except Refused:
            return None
        self.sent.append(referral)
        return referral

    def answer_for(self, agency: str) -> User:
        """Get who answers for an agency: its player, else who stands in for it."""
        seat = self.find_seat_of(agency)
        if seat is not None:
            return self.room.get_user(seat.code)
        account = country.get_stand_in_account(agency, Role.FOCAL_POINT)
        return self.room.get_account_user(account)

    def serve(self, referral: Referral, agency: str) -> None:
        """Begin a service that was accepted; at the next look it is complete."""
        by = self.answer_for(agency)
        if referral.status == ReferralStatus.STARTED:
            referrals.complete_service(referral, by=by)
        else:
            referrals.start_service(referral, by=by)

    def list_sent(self) -> Iterator[tuple[Referral, str]]:
        """List what was sent, as it is now, with the agency that it was sent to."""
        for referral in self.sent:
            fresh = Referral.objects.get(pk=referral.pk)
            yield fresh, agency_accounts.get_agency(fresh.recipient)

    def is_first(self, what: str, referral: Referral) -> bool:
        """Check that this is done for the first time."""
        name = f"{what} {referral.pk}"
        is_new = name not in self.seen
        self.seen.add(name)
        return is_new

    # -- the plan

    def plan(self) -> list[Task]:
        """Plan what is done, and how long after the start."""
        raise NotImplementedError

    def look_around(self) -> None:
        """React to what has come, at each look."""
        raise NotImplementedError


class CarefulPlayer(Player):
    def plan(self) -> list[Task]:
        tasks: list[Task] = []
        for number, person in enumerate(self.helped):
            begins = 5 * MINUTE + number * 10 * MINUTE
            agencies = self.list_other_agencies()
            agency = agencies[number % len(agencies)]
            tasks += [
                (begins, lambda p=person: self.meet(p)),  # type: ignore[misc]
                (
                    begins + 5 * MINUTE,
                    lambda p=person, a=agency: self.help(p, a),  # type: ignore[misc]
                ),
            ]
        if len(self.room.played) > 1:  # who plays alone has no colleague who confirms
            tasks.append((45 * MINUTE, self.save_a_life))
        if "nothing_to_border" in self.scenario.criteria:
            tasks.append((50 * MINUTE, self.keep_from_border))
        return sorted(tasks, key=lambda task: task[0])

    def meet(self, person: InventedPerson) -> None:
        """See to safety, care and a safe interpreter before anything is asked."""
        helper = next(a for a in self.scenario.agencies if a != BORDER)
        for companion in person.companions:
            self.note("companion.seen", person.code, other=companion)
        for act in ("seen.alone", "safety.assessed", "need.found", "need.acted_on"):
            self.note(act, person.code)
        self.note("interpreter.used", person.code, other=helper)
        if person.age < 18:
            self.note("age.doubted", person.code)
            self.note("guardian.called", person.code)
            for companion in person.companions:
                self.note("guardian.suspected", person.code, other=companion)

    def help(self, person: InventedPerson, agency: str) -> None:
        case = self.open_case(person, agency, gate=given.SAFE_ANSWERS)
        self.screen(case)
        self.note("narrative.written", person.code)
        self.refer(case, agency)

    def save_a_life(self) -> None:
        """Share without consent to save a life; a colleague confirms it."""
        person, agency = self.helped[0].code, self.list_other_agencies()[0]
        self.note("call.told", person, other=agency, basis="life", fields=NAME)
        other = next(code for code in self.room.played if code != self.meets)
        self.room.post(other, "act", act="handover.confirmed", person=person)

    def keep_from_border(self) -> None:
        self.note("border.asked", self.helped[0].code, other=BORDER)

    def look_around(self) -> None:
        for referral, agency in self.list_sent():
            status = ReferralStatus(referral.status)
            mine = self.find_seat_of(agency)
            if status is ReferralStatus.SENT and mine:
                left = agency_places.count_places(agency, STAGE)
                by = self.answer_for(agency)
                if left == 0:
                    reason = DeclineReason.NO_CAPACITY
                    referrals.decline(referral, reason=reason, by=by)
                else:
                    referrals.accept(referral, by=by, places=0)
            elif status in SERVING:
                self.serve(referral, agency)
            elif status is ReferralStatus.COMPLETED:
                by = self.room.get_user(self.meets)
                referrals.confirm(referral, outcome=ReferralOutcome.MET, by=by)
            elif status is ReferralStatus.DECLINED and self.is_first("next", referral):
                self.try_next(referral, agency)

    def try_next(self, referral: Referral, agency: str) -> None:
        """Ask another service, or record that the need stays unmet."""
        case = Case.objects.get(pk=referral.case_id)
        others = [a for a in self.list_other_agencies() if a != agency]
        if any(self.refer(case, other) for other in others):
            return
        by = self.room.get_user(self.meets)
        (need,) = given.open_needs(case, by=by)
        referrals.record_unmet_need(need, reason=UnmetReason.DECLINED, by=by)


class CarelessPlayer(Player):
    def plan(self) -> list[Task]:
        tasks: list[Task] = [
            (5 * MINUTE, self.ask_first),
            (10 * MINUTE, self.share_too_much),
            (15 * MINUTE, self.send_around),
        ]
        if "nothing_to_border" in self.scenario.criteria:
            tasks.append((20 * MINUTE, self.help_the_border))
        return tasks

    def ask_first(self) -> None:
        """Ask for the story at once, with anyone there as interpreter."""
        person = next((p for p in self.helped if p.companions), self.helped[0])
        companion = person.companions[0]
        self.note("interpreter.used", person.code, other=companion)
        self.note("need.found", person.code)
        self.note("narrative.written", person.code)
        self.note("narrative.written", person.code)
        self.note("companion.seen", person.code, other=companion)
        self.note("age.doubted", person.code)
        self.note("guardian.suspected", person.code, other=companion)
        self.note("guardian.consented", person.code, other=companion)
        agencies = self.list_other_agencies()
        self.screen(self.open_case(person, agencies[0]))

    def share_too_much(self) -> None:
        person, agency = self.helped[0], self.list_other_agencies()[0]
        self.note("call.told", person.code, other=agency, fields=NAME)
        self.note("call.told", person.code, other=agency, basis="life", fields=NAME)
        by = self.room.get_user(self.meets)
        service = self.find_service(agency)
        assert service is not None
        consent = given.make_consent(
            self.open_case(person, agency), to=service.team, by=by
        )
        consents.withdraw(Consent.objects.get(pk=consent.pk), by=by)
        self.note("call.told", person.code, other=agency, fields=NAME)

    def send_around(self) -> None:
        """Send people wherever there may be a place, and forget about them."""
        # First one that people play: a script answers each of them.
        with_places = [
            (self.find_seat_of(code) is None, places, code)
            for code in self.list_other_agencies()
            if (places := self.scenario.agencies[code].places) is not None
        ]
        _scripted, places, code = min(with_places)
        for _number in range(places + 3):
            self.refer(self.open_case(self.helped[0], code), code)

    def help_the_border(self) -> None:
        person = self.helped[0].code
        self.note("border.asked", person, other=BORDER)
        self.note("call.told", person, other=BORDER, fields=NAME)

    def look_around(self) -> None:
        """Decline what one can, complete what was accepted, and ask no one."""
        for referral, agency in self.list_sent():
            status = ReferralStatus(referral.status)
            mine = self.find_seat_of(agency)
            if status is ReferralStatus.SENT and mine and len(self.seen) < 2:
                by = self.answer_for(agency)
                if self.is_first("declined", self.sent[0]):
                    reason = DeclineReason.NO_CAPACITY
                    referrals.decline(referral, reason=reason, by=by)
                elif self.is_first("accepted", self.sent[0]):
                    referrals.accept(referral, by=by, places=0)
            elif status in SERVING:
                self.serve(referral, agency)


NAME = ["identity.name"]
