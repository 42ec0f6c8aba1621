"""A program, run in the folder of a practice installation: builds it, makes the work of
a course as a learner, takes it out into a file, and prints what is known of it. Not a
test: see `test_making.py`."""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.core.exceptions import PermissionDenied  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from amana import given  # noqa: E402
from amana.academy.installations.engine.practice_work import PracticePart  # noqa: E402
from amana.care.cases import actions as cases  # noqa: E402
from amana.care.cases.actions import StatedNeed  # noqa: E402
from amana.care.cases.models.case_record import ClosureReason, Urgency  # noqa: E402
from amana.care.referrals import actions as referrals  # noqa: E402
from amana.care.referrals.states import ReferralOutcome  # noqa: E402
from amana.demo import counting  # noqa: E402
from amana.design.directory import actions as directory  # noqa: E402
from amana.design.directory.models import Service  # noqa: E402
from amana.design.mechanism import actions as mechanisms  # noqa: E402
from amana.design.mechanism import writing  # noqa: E402
from amana.design.mechanism.models import Version  # noqa: E402
from amana.practising import building, middleware, taking_out  # noqa: E402
from amana.practising.here import FOLDER  # noqa: E402
from amana.practising.middleware import find_account  # noqa: E402
from amana.practising.practice_country import FOUNDER  # noqa: E402
from amana.practising.tests.replacing import replace_form  # noqa: E402
from amana.printing import document  # noqa: E402
from amana.sandbox import closure  # noqa: E402
from amana.sandbox.country import get_address  # noqa: E402
from amana.trust.access.models import User  # noqa: E402

LONG = " ".join(["We", "ask", "her", "first."] * 20)
CHAPTERS = ("06-first-contact", "09-consent", "13-referral", "15-children")
STEPS = ("screen", "inform")
SIGNERS = ("coordination_office", "hospital")


def get_user(account):
    return given.unlock_user(User.objects.get(email=get_address(account)))


def add_contacts(learner):
    for number in range(7):
        cases.add_emergency_contact(
            name=f"Line {number}", number=f"11{number}", note="Any hour", by=learner
        )


def map_services(learner):
    team = learner.memberships.filter(role="case_worker").get().team
    for number in range(12):
        service = directory.publish_service(
            team,
            by=learner,
            name=f"Ward {number}",
            types=["HE2"],
            phone="112",
            hours=[[0, 7 * 24 * 60]],
            languages=["en"],
            referral_method="phone",
        )
        directory.verify_service(service, by=learner)


def write_draft(learner):
    draft = mechanisms.begin_draft(Version.objects.in_force().get(), by=learner)

    def change(files):
        found = dict(files)
        for step in STEPS:
            said = ("steps", step, "do", "en")
            found |= writing.write_value(found, "pathway.yaml", said, f"Now {step}")
        due = ("steps", "screen", "due")
        found |= writing.write_value(found, "pathway.yaml", due, "PT8H")
        law = writing.read_plain(found, "law.yaml")
        for code in list(law)[:5]:
            place = (code, "obliges", "en")
            found |= writing.write_value(found, "law.yaml", place, "Ask her first.")
        named = writing.read_plain(found, "indicators.yaml")["indicators"]
        whole = [c for c, i in named.items() if {"of", "target", "steps"} <= i.keys()]
        for code in set(named) - set(whole[:6]):
            gone = ("indicators", code)
            found |= writing.write_value(found, "indicators.yaml", gone, None)
        for chapter in CHAPTERS:
            found[f"sop/en/{chapter}.md"] = f"# Our own\n\n{LONG}\n".encode()
        found["consent/en.md"] = f"# Consent\n\n{LONG}\n".encode()
        for name in ("consent", "safety-gate"):
            path = f"forms/{name}.xlsx"
            found[path] = replace_form(found[path])
        return found

    mechanisms.edit_draft(draft, change, by=learner)
    mechanisms.open_consultation(draft, by=learner)
    for code in SIGNERS:
        signer = get_user(f"{code}.supervisor")
        organisation = signer.memberships.get().team.organisation
        mechanisms.sign(
            draft, organisation=organisation, sha256=draft.sha256, by=signer
        )


def run_case(learner, service):
    """Run a case from the first questions to its end, with the service's answers by
    those who stand in for it."""
    needs = [StatedNeed(service.types[0], Urgency.U2, "A bed")]
    team = learner.memberships.filter(role="case_worker").get().team
    case = given.make_case(
        worked_on_by=learner, team=team, gate=given.SAFE_ANSWERS, needs=needs
    )
    (need,) = given.open_needs(case, by=learner)
    sent = given.make_referral(need=need, to=service, by=learner)
    answers = get_user("harbour_house.focal_point")
    for step in (
        *(referrals.acknowledge, referrals.accept, referrals.record_attendance),
        *(referrals.start_service, referrals.complete_service),
    ):
        sent.refresh_from_db()
        step(sent, by=answers)
    sent.refresh_from_db()
    referrals.confirm(sent, outcome=ReferralOutcome.MET, by=learner)
    case.refresh_from_db()
    cases.close(
        case,
        reason=ClosureReason.GOALS_MET,
        checklist=(),
        left_open="All that she wished for is done.",
        by=get_user("dar_amal.supervisor"),
    )


def is_shut():
    """Whether what lies beside it can't even be read."""
    try:
        (FOLDER.path.parents[1] / "beside.key").read_bytes()
    except closure.LeavesTheExercise:
        return True
    return False


def is_refused_when_full():
    """Whether a POST is refused, and a GET not, once nothing more fits in."""
    middleware.MOST_BYTES = 0
    middleware.require_room(RequestFactory().get("/"))
    try:
        middleware.require_room(RequestFactory().post("/"))
    except PermissionDenied as no:
        return str(no)
    return ""


def main():
    call_command("migrate", verbosity=0)
    # Figures are no part of this: see the journey.
    counting.fill_observations = lambda: 0
    building.build(FOLDER)
    learner = get_user("learner-1")
    before = Service.objects.count()
    empty = taking_out.write_bundle(list(PracticePart))
    add_contacts(learner)
    map_services(learner)
    write_draft(learner)
    there = Service.objects.filter(organisation__name="Harbour House").first()
    for _case in range(2):
        run_case(learner, there)
    Path(sys.argv[1]).write_bytes(taking_out.write_bundle(list(PracticePart)))
    sys.stdout.write(
        json.dumps(
            {
                "services": before,
                "empty": len(empty),
                "roles": sorted(learner.roles),
                "at": timezone.now().isoformat(),
                "founder": find_account(FOUNDER) is not None,
                "marks": [write() for write in document.MARKS],
                "is_shut": is_shut(),
                "refused_when_full": is_refused_when_full(),
                "accounts": list(User.objects.values_list("email", flat=True)),
            }
        )
    )


main()
