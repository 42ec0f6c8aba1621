"""Faults of referrals: sending, recipients without accounts, clocks and undoing."""

from typing import Any

from .registry import fault, other, put

REFERRALS = "amana/care/referrals/tests"
VITAL = "amana/care/referrals/tests/test_vital.py"


@fault(VITAL)
def alone_in_vital_interest() -> None:
    """Whoever sent something without consent may reject or confirm it themselves."""
    from amana.care.consent import vital_interests

    put(vital_interests, confirm_vital_interest=vital_interests.see_vital_interest)


@fault(VITAL)
def rejected_and_still_read() -> None:
    """A second person rejects what was sent without consent; the copy stays."""
    from amana.care.consent import vital_interests

    put(
        vital_interests,
        disclosures=other(vital_interests.disclosures, destroy=lambda *, consent: 0),
    )


@fault(VITAL)
def unconfirmed_and_untold() -> None:
    """The hour is over, nobody has confirmed, and no officer hears of it."""
    from amana.care.consent import tasks

    put(tasks, list_officers=lambda interest: [])


@fault(VITAL)
def vital_interest_against_her_no() -> None:
    """What the person refused is sent without asking her, law or no law."""
    from amana.care.consent import vital_interests

    put(vital_interests, describe_obstacle=lambda need, recipient: "")


TOLD = "amana/care/referrals/tests/test_told.py"


@fault(TOLD)
def told_and_not_read_aloud() -> None:
    """The text that a person hears leaves out how urgent it is."""
    from amana.care.consent import payload

    right = payload.ConsentPayload._keys

    def keys(self: Any) -> Any:
        return (key for key in right(self) if key != payload.URGENCY)

    put(payload.ConsentPayload, _keys=keys)


@fault(TOLD)
def read_aloud_and_not_told() -> None:
    """A person hears of a telephone number that the team doesn't have."""
    from amana.care.consent import payload

    right = payload.ConsentPayload._keys

    def keys(self: Any) -> Any:
        return dict.fromkeys([*right(self), payload.PHONE])

    put(payload.ConsentPayload, _keys=keys)


@fault(TOLD)
def empty_field_read_aloud() -> None:
    """A person is asked about fields in which nothing is written."""
    from amana.care.consent.consent_questions import ConsentFormContext

    put(ConsentFormContext, offered=property(lambda self: self.may_be_shared))


@fault(TOLD)
def note_along_unheard_of() -> None:
    """A worker's note goes along although the person never heard of it."""
    from amana.care.referrals import actions

    put(actions, require_heard_of=lambda *_args, **_more: None)


@fault(TOLD)
def need_beyond_the_sphere() -> None:
    """A hostel that lists antenatal care hears of a pregnancy."""
    from amana.care.consent import purposes

    put(purposes, may_learn=lambda sphere, service_type: True)


@fault(f"{REFERRALS}/outside/test_page.py")
def opening_is_not_seen() -> None:
    """A page is opened, and the referral still waits to be seen."""
    from amana.care.referrals import actions
    from amana.care.referrals.states import ReferralStatus

    right = actions.change_referral_status

    def move(referral: Any, to: Any, **said: Any) -> None:
        if to is not ReferralStatus.RECEIVED:
            right(referral, to, **said)

    put(actions, change_referral_status=move)


@fault(f"{REFERRALS}/outside/test_page.py")
def language_burns_the_page() -> None:
    """What was opened is gone with the next request: reload, mistake, language."""
    from amana.trust.vault import handover

    put(handover, find_opened_page=lambda page, cookie: None)


@fault(f"{REFERRALS}/outside/test_page.py")
def page_stays_for_a_day() -> None:
    """A cookie that somebody stole opens the page long afterwards."""
    from amana.trust.vault.models import Visit

    put(type(Visit.objects), open=lambda self: self.all())


@fault(f"{REFERRALS}/outside/test_return_slip.py")
def slip_survives_revoking() -> None:
    """A slip that was revoked, and is open, goes on answering."""
    from amana.care.referrals.bearers import Outsider

    put(Outsider, require=lambda self, referral: None)


@fault(f"{REFERRALS}/outside/test_endings.py")
def slip_survives_withdrawal() -> None:
    """After a withdrawal a slip offers answers, and says nothing of destroying."""
    from amana.care.referrals.views import outside_pages

    put(outside_pages, find_destruction=lambda referral: None)


@fault(f"{REFERRALS}/outside/test_return_slip.py")
def slip_codes_may_be_guessed() -> None:
    """Wrong codes of a return slip are not counted."""
    from amana.trust.vault import slips
    from amana.trust.vault.models import ReturnSlip

    put(slips, _take_a_try=lambda number: ReturnSlip.objects.get(number=number))


@fault(f"{REFERRALS}/test_escalation.py")
def clocks_lie() -> None:
    """A clock says that a supervisor was told where there is none."""
    from amana.care.referrals import tasks

    right = tasks.choose_notified

    def reached(referral: Any, whom: str) -> Any:
        return whom, right(referral, whom)[1]

    put(tasks, choose_notified=reached)


@fault(f"{REFERRALS}/test_undo.py")
def mark_of_a_decision_is_shown_to_colleagues() -> None:
    """The inbox marks what anybody has decided."""
    from amana.care.pending import decision_rows
    from amana.care.pending.models import PendingDecision
    from amana.trust.access.models import User
    from amana.trust.access.prepared import PreparedQuery

    of_all = PendingDecision.objects.waiting().order_by("due_at", "pk")
    put(decision_rows, find_waiting=PreparedQuery(lambda user: of_all, User))


@fault(f"{REFERRALS}/test_undo.py")
def words_of_a_decision_read_too_soon() -> None:
    """What was written with a decline is read before the decline takes effect."""
    from amana.trust.vault.models import DisclosureMessage

    right = DisclosureMessage.save

    def save(self: DisclosureMessage, *args: Any, **kwargs: Any) -> None:
        self.held_for = None
        right(self, *args, **kwargs)

    put(DisclosureMessage, save=save)


@fault(f"{REFERRALS}/test_undo.py")
def decision_against_a_colleague() -> None:
    """A decision takes effect although a colleague has answered meanwhile."""
    from amana.care.pending import actions

    put(actions, has_changed=lambda decision: False)


@fault("amana/care/referrals/tests/test_calendar.py")
def restricted_in_the_teams_calendar() -> None:
    """A team's calendar shows the appointments of cases kept to named people."""
    from amana.care.referrals import appointments
    from amana.care.referrals.models import Referral
    from amana.care.referrals.rules import answer_referral, supervise_referral

    def teams(user: Any, begins: Any, ends: Any) -> Any:
        expected = Referral.objects.for_list().expected(begins, ends)
        rules = (answer_referral, supervise_referral)
        return appointments.sort_appointments(
            [rule.among(expected, user) for rule in rules]
        )

    put(appointments, list_team_appointments=teams)


@fault(f"{REFERRALS}/test_escalation_outages.py")
def outage_takes_their_time() -> None:
    """Who could not be told during an outage is late at its end."""
    from amana.care.referrals import escalation

    put(escalation, restart_clocks_after_outage=lambda moment: None)


@fault(f"{REFERRALS}/test_escalation_outages.py")
def outage_made_good_each_night() -> None:
    """A server that is off each night never says that nobody answers."""
    from django.db.models import Q

    from amana.care.referrals import models

    missed_by = models.ReferralQuerySet.missed_by

    def again(self: Any, began: Any, ended: Any) -> Any:
        before = Q(restarted_at__lt=ended, due_at__gt=began)
        return missed_by(self, began, ended) | self.filter(before)

    models.ReferralQuerySet.missed_by = again
    from amana.care.referrals import actions

    restart = actions.restart_clock

    def anew(referral: Any, *, at: Any) -> bool:
        type(referral).objects.filter(pk=referral.pk).update(restarted_at=None)
        return restart(referral, at=at)

    put(actions, restart_clock=anew)


@fault(f"{REFERRALS}/test_escalation_outages.py")
def expires_by_doubted_clock() -> None:
    """A clock that jumped ten years ends each request that waits."""
    from amana.care.referrals import escalation
    from amana.trust.vault import heartbeat

    believing = other(heartbeat, is_in_doubt=lambda: False)
    put(escalation, heartbeat=believing)


@fault(f"{REFERRALS}/test_escalation_outages.py")
def told_and_expired_at_once() -> None:
    """After a silence of the clock all are told, and it expires, in one minute."""
    from amana.care.referrals import escalation

    after = escalation._after

    def by_schedule(referral: Any, told: int, moment: Any) -> Any:
        return after(referral, told, min(moment, referral.tell_at))

    put(escalation, _after=by_schedule)


@fault(f"{REFERRALS}/test_inbox_pages.py")
def help_told_by_the_row() -> None:
    """The recipient's page reads which help is asked for from the database."""
    from amana.care.referrals import outside_recipients
    from amana.design.directory.taxonomy import ServiceGroup

    def by_row(referral: Any, content: Any) -> None:
        referral.need.know(ServiceGroup(referral.need.group).types[0])

    put(outside_recipients, apply_help_asked=by_row)


@fault(f"{REFERRALS}/test_sending.py::test_a_message_outside_says_nothing_of_anyone")
def mail_says_what_it_is_about() -> None:
    """A mail says what is waiting, so that it needn't be looked up."""
    from amana.trust.access import tasks

    mailed = tasks._mailed

    def telling(address: str, subject: str, message: str, *, urgent: bool) -> Any:
        return mailed(address, f"{subject}: shelter", message, urgent=urgent)

    put(tasks, _mailed=telling)
