"""Eighty invented cases, each lived through the real actions up to where it stands."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

from amana.care.cases import actions as cases
from amana.care.cases import need_kinds
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import (
    Case,
    ClosureReason,
    Need,
    UnmetReason,
    Urgency,
)
from amana.care.consent import actions as consents
from amana.care.consent import purposes
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import (
    DeclineReason,
    Referral,
    ReferralOutcome,
    ReferralStatus,
    StopReason,
)
from amana.care.referrals.referral_messages import HandoverMessage
from amana.demo import afterwards
from amana.demo.clock import DemoClock, Story, run_stories
from amana.demo.country import DemoCountry, DemoFile, read_file
from amana.demo.invented_cases import (
    ANSWERS,
    ENDS,
    LENGTH,
    MEETS_PEOPLE,
    OPENS,
    PHONE_IS_FOLLOWED,
    InventedPerson,
    S,
    build_identity,
    build_safe_answers,
    draw_companions,
    draw_flags,
    draw_person,
    is_suitable,
)
from amana.demo.ways import PathwayWalker
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Role, Team, User
from amana.trust.vault.compartments import Compartment as C


class CaseStoryteller:
    """Tells each case, one step after the other, as the clock moves."""

    def __init__(self, country: DemoCountry, clock: DemoClock, seed: int = 7) -> None:
        self.country, self.clock = country, clock
        self.said = read_file("people.toml")
        self.apart = random.Random(seed + 1)  # noqa: S311 — so that the rest stays so
        self.chance = random.Random(seed)  # noqa: S311 — stories, not secrets
        self.services = list(Service.objects.for_list())
        self.today = clock.now + timedelta(days=LENGTH)
        self.walker = PathwayWalker(country, clock, self.chance)

    def tell_all(self) -> Iterator[int]:
        """Run every story; yield as each ends."""
        stories = [
            (self.today - timedelta(days=self.days_ago(end)), self.tell(end))
            for end in ENDS
        ]
        yield from run_stories(self.clock, stories)
        self.clock.to(self.today)

    def days_ago(self, end: ReferralStatus) -> float:
        """Draw how long ago it began: long enough for all that has happened since."""
        longest = sum(WAIT.get(step, 20) for step in STEPS_TO[end]) / 24 + 1
        return self.chance.uniform(0.05, 2) + longest * self.chance.uniform(1, 3)

    # --- meeting a person

    def tell(self, end: ReferralStatus) -> Story:
        asked = self.chance.choice(self.said["need"])
        team = self.chance.choice(self.teams_without(asked["type"]))
        worker = self.country.who(team, *OPENS)
        person = self.a_person(asked["who"])
        case = self.open(team, worker, person, asked)
        need = case.needs.get()
        need_kinds.learn([need], by=worker)
        yield self.chance.uniform(0.1, 0.4)
        if self.apart.random() < PHONE_IS_FOLLOWED:
            found = {"SAFE10": self.apart.choice(["yes", "unsure"])}
            cases.ask_gate_again(case, answers=found, by=worker)
        yield from self.refer(need, person, worker, end)
        yield 1
        yield from self.walker.walk(case, worker, self.today)
        self.carry_on(case, worker, end)

    def teams_without(self, type_: str) -> list[Team]:
        """List the teams that have to ask another one for this."""
        teams = [self.country.teams[name] for name in MEETS_PEOPLE]
        offer = {s.team_id for s in self.services if type_ in s.types}
        return [team for team in teams if team.pk not in offer]

    def a_person(self, who: str) -> InventedPerson:
        return draw_person(self.said, who, self.chance)

    def open(
        self, team: Team, worker: User, person: InventedPerson, asked: DemoFile
    ) -> Case:
        words = self.chance.choice(asked["words"])
        return cases.open_case(
            team=team,
            gate=build_safe_answers(person),
            records={
                C.IDENTITY: build_identity(person),
                C.CONTACT: {
                    "channel": self.chance.choice(["call", "message", "visit"]),
                    "hours": self.chance.choice(self.said["hours"]),
                    "code_word": self.chance.choice(self.said["code_words"]),
                    "never": self.chance.choice(self.said["never"]),
                },
                C.NEEDS: {"companions": draw_companions(self.chance)},
                C.NARRATIVE: {"flags": draw_flags(person, self.chance)},
            },
            needs=[
                StatedNeed(ServiceType(asked["type"]), Urgency(asked["urgency"]), words)
            ],
            by=worker,
        )

    # --- asking for help

    def fitting(
        self, need: Need, person: InventedPerson, *, but: Service | None
    ) -> Service | None:
        """Find a service of this type that takes referrals, and this person, and whose
        team answers in the demo: an agency without accounts has a story of its own.
        """
        for service in self.chance.sample(self.services, len(self.services)):
            offered = need.type in service.types and service != but
            answers = service.team_id in self.country.members
            if offered and answers and is_suitable(service, person, need):
                return service
        return None

    def send(
        self,
        need: Need,
        person: InventedPerson,
        service: Service,
        worker: User,
        *,
        follows: Referral | None = None,
    ) -> Referral:
        sphere = service.organisation.sphere
        consent = consents.give(
            need.case,
            recipient=service.team,
            fields=self.fields(sphere),
            purpose=Consent.Purpose.REFERRAL,
            need=need,
            along=["note", "handover"],
            expires_at=self.clock.now + timedelta(days=90),
            language=worker.language,
            mode=Consent.Mode.SPOKEN,
            given_by=Consent.GivenBy.GUARDIAN
            if person.is_child
            else Consent.GivenBy.PERSON,
            interpreter=worker.language not in person.languages,
            understood=True,
            by=worker,
        )
        return referrals.send(
            need,
            to=service,
            consent=consent,
            by=worker,
            note="Please ask for the code word first.",
            handover=HandoverMessage(who=worker.name, transport="Our car"),
            follows=follows,
        )

    def fields(self, sphere: str) -> list[str]:
        present = {
            "identity.name",
            "identity.age",
            "identity.sex",
            "identity.languages",
            "contact.channel",
            "contact.hours",
            "needs.words",
        }
        usual = purposes.list_usual_fields("referral", sphere)
        return [field for field in usual if field in present]

    # --- the way of one referral

    def refer(
        self, need: Need, person: InventedPerson, worker: User, end: ReferralStatus
    ) -> Story:
        service = self.fitting(need, person, but=None)
        if service is None:
            cases.answer_need(
                need,
                status=Need.Status.UNMET,
                reason=UnmetReason.NOT_ELIGIBLE,
                by=worker,
            )
            return
        referral = self.send(need, person, service, worker)
        yield from self.follow(referral, end, worker)
        other = self.fitting(need, person, but=service)
        if end is S.DECLINED and other:
            yield 0.7
            again = self.send(need, person, other, worker, follows=referral)
            yield from self.follow(again, S.SENT, worker)

    def follow(self, referral: Referral, end: ReferralStatus, worker: User) -> Story:
        for step in STEPS_TO[end]:
            yield WAIT.get(step) or self.chance.uniform(0.5, 20)
            referral.refresh_from_db()
            step(self, referral, worker)

    def answerer(self, referral: Referral) -> User:
        return self.country.who(referral.recipient, *ANSWERS)

    def receive(self, referral: Referral, worker: User) -> None:
        referrals.acknowledge(referral, by=self.answerer(referral))

    def accept(self, referral: Referral, worker: User) -> None:
        # Another story may have taken the last place meanwhile.
        free = referral.service
        free.refresh_from_db()
        places = 1 if free.counts_places and free.places_free else 0
        referrals.accept(referral, by=self.answerer(referral), places=places)

    def waitlist(self, referral: Referral, worker: User) -> None:
        referrals.add_to_waiting_list(referral, by=self.answerer(referral))

    def decline(self, referral: Referral, worker: User) -> None:
        reason = self.chance.choice([DeclineReason.NO_CAPACITY, DeclineReason.LANGUAGE])
        referrals.decline(referral, reason=reason, by=self.answerer(referral))

    def redirect(self, referral: Referral, worker: User) -> None:
        others = [
            s
            for s in self.services
            if s.pk != referral.service_id
            and set(s.types) & set(referral.service.types)
        ]
        to = others[0] if others else self.services[0]
        referrals.redirect(referral, to=to, by=self.answerer(referral))

    def appoint(self, referral: Referral, worker: User) -> None:
        referrals.make_appointment(
            referral,
            at=self.clock.now + timedelta(hours=self.chance.randint(6, 60)),
            place="theirs",
            accompanied_by=worker.name,
            by=self.answerer(referral),
        )

    def attend(self, referral: Referral, worker: User) -> None:
        referrals.record_attendance(referral, by=self.answerer(referral))

    def miss(self, referral: Referral, worker: User) -> None:
        referrals.record_no_show(referral, by=self.answerer(referral))

    def lose(self, referral: Referral, worker: User) -> None:
        referrals.record_failed_attempt(referral, by=self.answerer(referral))

    def start(self, referral: Referral, worker: User) -> None:
        referrals.start_service(referral, by=self.answerer(referral))

    def complete(self, referral: Referral, worker: User) -> None:
        referrals.complete_service(referral, by=self.answerer(referral))

    def end_partly(self, referral: Referral, worker: User) -> None:
        referrals.record_partly_met(referral, by=self.answerer(referral))

    def discontinue(self, referral: Referral, worker: User) -> None:
        referrals.discontinue_service(
            referral, reason=next(iter(StopReason)), by=self.answerer(referral)
        )

    def confirm(self, referral: Referral, worker: User) -> None:
        outcome = self.chance.choice(
            [ReferralOutcome.MET, ReferralOutcome.MET, ReferralOutcome.PARTLY]
        )
        referrals.confirm(
            referral, outcome=outcome, words="They were kind to me.", by=worker
        )

    def recall(self, referral: Referral, worker: User) -> None:
        referrals.recall(referral, by=worker)

    def withdraw(self, referral: Referral, worker: User) -> None:
        consents.withdraw(referral.agreed, by=worker)

    def expire(self, referral: Referral, worker: User) -> None:
        referrals.expire(referral, by=worker)

    # --- what else happens in a case

    def carry_on(self, case: Case, worker: User, end: ReferralStatus) -> None:
        case.refresh_from_db()
        # By chances of its own: when this was added, all stories stayed as they were.
        afterwards.record_outcomes(case, worker, self.apart)
        if self.chance.random() < 0.4:
            cases.add_note(
                case,
                compartment=C.NEEDS,
                words="Spoke with the person today. They feel safe where they are.",
                by=worker,
            )
        if end is S.CONFIRMED and self.chance.random() < 0.6:
            self.close(case, worker)
        elif self.chance.random() < 0.5:
            cases.plan_follow_up(
                case,
                due_at=self.clock.now + timedelta(days=self.chance.randint(2, 30)),
                words="Ask how it goes, by the safe channel.",
                by=worker,
            )

    def close(self, case: Case, worker: User) -> None:
        supervisor = self.country.who(case.team, Role.SUPERVISOR, *OPENS)
        cases.close(
            case,
            reason=ClosureReason.GOALS_MET,
            checklist=(),
            left_open="Agreed with the person: all they wished for is done.",
            by=supervisor,
        )


type Step = Callable[[CaseStoryteller, Referral, User], None]
T = CaseStoryteller
ACCEPTED: tuple[Step, ...] = (T.receive, T.accept)
THERE: tuple[Step, ...] = (*ACCEPTED, T.appoint, T.attend)
STARTED: tuple[Step, ...] = (*THERE, T.start)
STEPS_TO: dict[ReferralStatus, tuple[Step, ...]] = {
    S.SENT: (),
    S.RECEIVED: (T.receive,),
    S.ACCEPTED: ACCEPTED,
    S.WAITLISTED: (T.receive, T.waitlist),
    S.DECLINED: (T.receive, T.decline),
    S.REDIRECTED: (T.receive, T.redirect),
    S.APPOINTMENT: (*ACCEPTED, T.appoint),
    S.ATTENDED: THERE,
    S.NO_SHOW: (*ACCEPTED, T.appoint, T.miss),
    S.UNREACHABLE: (*ACCEPTED, T.lose),
    S.STARTED: STARTED,
    S.COMPLETED: (*STARTED, T.complete),
    S.PARTLY: (*STARTED, T.end_partly),
    S.DISCONTINUED: (*STARTED, T.discontinue),
    S.CONFIRMED: (*STARTED, T.complete, T.confirm),
    S.RECALLED: (T.recall,),
    S.WITHDRAWN: (*ACCEPTED, T.withdraw),
    S.EXPIRED: (T.expire,),
}
"""The actions that lead a new referral to each state."""
WAIT: dict[Step, float] = {T.attend: 61, T.miss: 61, T.complete: 48, T.end_partly: 48}
"""Hours before these; others come within a day."""
