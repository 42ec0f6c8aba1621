"""Who works on a case, its offer to another team, and its end."""

from amana import given
from amana.care.cases import actions
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.audit.models import AuditEvent

from .browsers import to


def test_a_colleague_is_assigned_and_leaves_again(desk, case, colleague):
    post(desk, to("assign", case.pk), {"worker": colleague.pk, "part": "support"})
    theirs = browser(colleague)
    assert theirs.get(to("case", case.pk)).status_code == 200
    assignment = case.assignments.current().get(worker=colleague)
    post(theirs, to("end_assignment", case.pk, assignment.pk))
    assert theirs.get(to("case", case.pk)).status_code == 404


def test_a_case_is_kept_to_named_people(desk, case, worker, supervisor):
    post(desk, to("restrict", case.pk), {"people": [worker.pk]})
    case.refresh_from_db()
    assert case.restricted
    assert "Restricted to named people" in text_of(desk.get(to("case", case.pk)))
    watching = browser(supervisor)
    assert watching.get(to("case", case.pk)).status_code == 404
    assert case.reference not in text_of(watching.get(to("team")))
    assert case.reference in text_of(desk.get(to("mine")))
    post(desk, to("lift_restriction", case.pk))
    assert watching.get(to("case", case.pk)).status_code == 200


def test_naming_nobody_who_leads_keeps_the_page_and_says_why(desk, case, colleague):
    answer = post(desk, to("restrict", case.pk), {"people": [colleague.pk]})
    assert answer.status_code == 409
    assert "leads the case" in text_of(answer)


def test_a_case_is_offered_seen_without_a_name_and_taken_over(desk, worker, team):
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    post(
        desk, to("offer_transfer", case.pk), {"to": other.pk, "agreed": "She said yes"}
    )
    transfer = case.transfers.get()
    theirs = browser(taker)
    assert case.reference in text_of(theirs.get(to("offered")))
    words = text_of(theirs.get(to("transfer", transfer.pk)))
    assert "Canary" not in words
    assert "She said yes" not in words
    assert theirs.get(to("case", case.pk)).status_code == 404
    answer = post(theirs, to("transfer", transfer.pk), {"go": "accept"})
    assert answer["Location"] == to("case", case.pk)
    assert "Canary" in text_of(theirs.get(to("case", case.pk)))
    assert desk.get(to("case", case.pk)).status_code == 404


def test_an_offer_is_declined_with_a_reason_or_taken_back(desk, case, team):
    other = given.make_team(of=team.organisation)
    theirs = browser(given.make_worker(of=other))
    post(desk, to("offer_transfer", case.pk), {"to": other.pk})
    transfer = case.transfers.get()
    assert post(theirs, to("transfer", transfer.pk), {"go": "no"}).status_code == 422
    post(theirs, to("transfer", transfer.pk), {"go": "no", "reason": "no_capacity"})
    transfer.refresh_from_db()
    assert transfer.declined_for == "no_capacity"
    post(desk, to("offer_transfer", case.pk), {"to": other.pk})
    again = case.transfers.waiting().get()
    post(desk, to("take_back_offer", again.pk))
    assert not case.transfers.waiting().exists()
    assert theirs.get(to("transfer", again.pk)).status_code == 404


def test_the_end_is_proposed_sent_back_and_agreed(desk, case, supervisor):
    close, done = to("close", case.pk), ["safety", "agreed", "return"]
    said = {"reason": "relocated", "checklist": done, "left_open": "With family"}
    post(desk, close, said)
    assert "Waiting for the supervisor" in text_of(desk.get(close))
    theirs = browser(supervisor)
    page = theirs.get(close)
    assert "With family" in text_of(page)
    post(theirs, to("send_back", case.pk), {"words": "Ask about the papers"})
    assert "Ask about the papers" in text_of(desk.get(close))
    post(desk, close, said)
    post(theirs, close, said)
    given.pass_ten_minutes()
    case.refresh_from_db()
    ended = text_of(desk.get(to("case", case.pk)))
    assert "The case is closed" in ended
    assert "Moved elsewhere or was resettled" in ended
    assert case.reference in text_of(desk.get(to("mine") + "?closed=1"))
    assert case.reference in text_of(theirs.get(to("team") + "?state=closed"))
    post(desk, to("reopen", case.pk))
    case.refresh_from_db()
    assert case.is_open


def test_what_is_read_of_a_proposal_is_logged_even_when_the_end_is_refused(
    case, worker, supervisor
):
    actions.propose_closure(
        case, reason="relocated", checklist=[], left_open="With family", by=worker
    )
    desk = browser(supervisor)
    answer = post(desk, to("close", case.pk), {"reason": "relocated"})
    assert answer.status_code == 409
    reads = AuditEvent.objects.about_case(case.pk).filter(
        did="opened", purpose="closure", actor=supervisor.actor_id
    )
    assert reads.count() == 1


def test_an_end_without_a_word_on_open_needs_is_refused_and_keeps_what_was_typed(
    desk, case
):
    answer = post(
        desk,
        to("close", case.pk),
        {
            "reason": "goals_met",
            "checklist": ["safety", "agreed", "return"],
            "words": "Keeps the same number",
        },
    )
    assert answer.status_code == 409
    assert "Keeps the same number" in text_of(answer)
