"""How invented cases follow the mechanism: each step by the person who has to do it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pathways import actions as ways
from amana.care.pathways import status
from amana.care.pathways.models import DecisionBasis, OpenTask, PathwayRun
from amana.care.pathways.rules import OFFICES, do_step
from amana.care.pathways.sealed import may_send_words
from amana.care.screening import actions as screenings
from amana.demo.clock import DemoClock
from amana.demo.country import DemoCountry
from amana.design.mechanism.models import Version
from amana.design.pathway.pathway_model import LIST, Do
from amana.trust.access.models import Role, Team, User

MOST_STEPS = 19
UNTIL = (
    "inform",
    "screen",
    "register",
    "register",
    "guardian",
    "emergency",
    "interview",
    "interview",
    "grounds",
    "grounds",
    "plan",
    "conference",
    "health_check",
    "housing",
    "counsel",
    "safety_plan",
    "conclusive",
    "options",
)
"""Where cases stand today: each has come at most as far as one of these."""
FOR_A_CHILD = tuple(
    {"register": "guardian", "emergency": "best_interests"}.get(step, step)
    for step in UNTIL
)

LIKELY: dict[str, tuple[str, ...]] = {
    "presumed": ("yes", "yes", "yes", "unsure"),
    "grounds": ("yes", "yes", "yes", "more"),
    "conference": ("plan_agreed", "plan_agreed", "plan_changed"),
    "identified": ("yes",),
    "option": ("stay", "stay", "return"),
    "smuggled": ("yes", "aggravated"),
    "look_again": ("yes", "no"),
    "goes_on": ("yes",),
}
AGREED = "The person was there. Each of us has said what we do, and by when."
INVITED = ("person", "health", "shelter", "legal")
QUICK = "quick-screening"
SIGNS = ("controlled", "papers_held", "forced", "pay_debt", "deceived", "threatened")
REASONS = "What was seen and said fits together. Nothing more is needed at this stage."


class PathwayWalker:
    """Goes along with a case, up to where it stands today."""

    def __init__(self, country: DemoCountry, clock: DemoClock, chance: Random) -> None:
        self.country, self.clock, self.chance = country, clock, chance
        self.walked = 0

    def walk(self, case: Case, worker: User, before: datetime) -> Iterator[float]:
        """Do step after step, and yield the hours that pass between them; nothing
        happens after `before`.
        """
        until = self.where_it_stands(case)
        for _step in range(MOST_STEPS):
            hours = self.chance.uniform(1, 14)
            if self.clock.now + timedelta(hours=hours) >= before:
                return
            yield hours
            if not self.go_on(case, worker, until):
                return

    def where_it_stands(self, case: Case) -> str:
        self.walked += 1
        course = PathwayRun.objects.get(case=case)
        child = course.facts.get(number=0).data["age_group"] == "child"
        return (FOR_A_CHILD if child else UNTIL)[self.walked % len(UNTIL)]

    def go_on(self, case: Case, worker: User, until: str) -> bool:
        """Do the next step; return False where the case is to stay today."""
        rows = PathwayRun.objects.running().select_related("case", "version__mechanism")
        course = rows.filter(case=case).first()
        due = self.next_of(course) if course else None
        if course is None or due is None:
            return False
        if due.step == until:
            if due.needs == OFFICES[1]:
                self.share(case, due.team, worker)
            return False
        if not due.given:
            if not self.choose_team(course, due, worker):
                return False
            due = course.dues.select_related("team").get(key=due.key)
        by = self.doer(due, worker)
        if by is None:
            return False
        self.do(course, due, by, worker)
        return True

    def next_of(self, course: PathwayRun) -> OpenTask | None:
        dues = course.dues.select_related("team").order_by("by_at", "pk")
        return dues.first()

    def choose_team(self, course: PathwayRun, due: OpenTask, worker: User) -> bool:
        could = status.RoleTeams.of(course.version).by_role.get(due.role, ())
        if not could:
            return False
        team = Team.objects.get(pk=self.chance.choice(could))
        ways.give_to_team(course, due.role, team, by=worker)
        return True

    def doer(self, due: OpenTask, worker: User) -> User | None:
        """Find a person who may do it: the worker on an own case, else a member of the
        team.
        """
        if due.own:
            members = [worker]
        else:
            members = [user for _role, user in self.country.members[due.team_id]]
        row = OpenTask.objects.filter(pk=due.pk)
        return next((who for who in members if do_step.among(row, who).exists()), None)

    def do(self, course: PathwayRun, due: OpenTask, by: User, worker: User) -> None:
        step = status.get_pathway(course).steps[due.step]
        assert isinstance(step, Do)
        if step.screening == QUICK and due.own:
            self.screen(course.case, by)
            return
        decides = due.needs == OFFICES[1] and bool(step.gives)
        if decides:
            self.share(course.case, due.team, worker)
        data = {name: self.code(name, codes) for name, codes in step.gives.items()}
        talked = ways.is_conference(course, due)
        said = REASONS if decides else AGREED if talked else ""
        ways.finish_step(
            course,
            due.key,
            data=data,
            ground=DecisionBasis.SIGNS if decides else "",
            said=said if may_send_words(course.case, due.team) else "",
            invited=INVITED if talked else (),
            by=by,
        )

    def code(self, name: str, codes: tuple[str, ...]) -> int | str:
        if codes == (LIST,):
            return self.chance.choice([0, 0, 1, 2])
        likely = [code for code in LIKELY.get(name, ()) if code in codes]
        return self.chance.choice(likely) if likely else codes[0]

    def screen(self, case: Case, by: User) -> None:
        """Fill in the mechanism's own instrument, and judge the result as the same
        person.
        """
        course = case.course
        child = course.facts.get(number=0).data["age_group"] == "child"
        screening = screenings.screen_case(
            case,
            instrument=QUICK,
            version=course.version,
            answers=self.answers("child" if child else "adult"),
            child=child,
            by=by,
        )
        screenings.review_screening(screening, verdicts={}, by=by)

    def answers(self, age_group: str) -> dict[str, str]:
        seen = self.chance.sample(SIGNS, self.chance.randint(3, 5))
        return {
            "private": "yes",
            "urgent": "none",
            "age_group": age_group,
            **{sign: "yes" if sign in seen else "no" for sign in SIGNS},
            "wishes_help": "yes",
        }

    def screen_before_a_case(self, version: Version) -> None:
        """Screen people at the border and at work places; one is handed to a
        shelter."""
        for name in ("Border Guard", "Labour Inspection Service", "Border Guard"):
            team = self.country.teams[name]
            by = self.country.who(team, Role.SCREENER)
            screening = screenings.screen_person(
                team,
                instrument=QUICK,
                version=version,
                answers=self.answers("adult"),
                by=by,
            )
        screenings.hand_screening_over(
            screening, to=self.country.teams["Dar Amal"], by=by
        )

    def share(self, case: Case, team: Team, worker: User) -> None:
        """Give those who decide what the person agrees that they see."""
        if Consent.objects.live().filter(case=case, recipient=team).exists():
            return
        child = case.course.facts.get(number=0).data["age_group"] == "child"
        given_by = Consent.GivenBy.GUARDIAN if child else Consent.GivenBy.PERSON
        consent = consents.give(
            case,
            recipient=team,
            fields=["identity.age", "identity.languages", "needs.words"],
            purpose=Consent.Purpose.COORDINATION,
            expires_at=self.clock.now + timedelta(days=90),
            language=worker.language,
            mode=Consent.Mode.SPOKEN,
            given_by=given_by,
            interpreter=True,
            understood=True,
            by=worker,
        )
        consents.disclose(consent, by=worker)
