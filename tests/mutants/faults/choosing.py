"""Faults of choosing a service, and of what a shelter decides on."""

from typing import Any

from .registry import fault, put

REFERRALS = "amana/care/referrals/tests"


@fault(f"{REFERRALS}/decision/test_decision.py")
def shelter_is_told_neither_need_nor_place() -> None:
    """The shelter reads neither what the person needs, in their words, nor where."""
    from dataclasses import replace

    from amana.care.referrals import decision

    told = decision.build_decision
    put(decision, build_decision=lambda *said: replace(told(*said), words="", where=""))


@fault(f"{REFERRALS}/decision/test_decision.py")
def shelter_has_nobody_to_call() -> None:
    """The shelter is shown no number of the sender."""
    from amana.care.referrals.reaching import TeamContact

    put(TeamContact, phone="")


@fault(f"{REFERRALS}/decision/test_promises.py")
def person_is_told_the_deadline_of_the_receipt() -> None:
    """The person is told that they reply by when they only have to acknowledge."""
    from amana.care.referrals.models import Referral

    put(Referral, reply_by=property(lambda referral: referral.due_at))


@fault(f"{REFERRALS}/decision/test_decision.py")
def shared_field_is_lost() -> None:
    """What the decision does not show does not stand below it either."""
    from amana.care.referrals import decision

    put(decision, iterate_other_fields=lambda content: [])


@fault(f"{REFERRALS}/decision/test_promises.py")
def officer_is_not_reached() -> None:
    """A screener who sent a referral is not among those to call, nor told."""
    from amana.care.referrals import rota

    put(rota, KEYHOLDERS=rota.ANSWER_FIRST)


@fault(f"{REFERRALS}/decision/test_promises.py")
def slip_tells_what_it_is_about() -> None:
    """The slip says what is needed, to whoever finds it."""
    from amana.care.referrals.views import sent_referral

    neutral = sent_referral.render_slip

    def telling(referral: Any, **said: Any) -> str:
        paper = neutral(referral, **said)
        return paper.replace("</article>", f"{referral.needed}</article>")

    put(sent_referral, render_slip=telling)


@fault(f"{REFERRALS}/decision/test_decision.py")
def came_before_the_appointment() -> None:
    """That the person came is taken down a day before they are expected."""
    from amana.care.referrals import referral_messages

    put(referral_messages, find_appointment_time=lambda referral, *, by: None)


@fault(f"{REFERRALS}/test_choosing.py")
def emergencies_wait_for_office_hours() -> None:
    """An emergency at night is shown houses that open in the morning."""
    from amana.care.referrals import choosing

    put(choosing, compute_opening_limit=lambda need, now: None)


@fault(f"{REFERRALS}/test_choosing.py")
def full_house_is_offered() -> None:
    """A house that is full stands apart, and can be asked for a bed all the same."""
    from amana.care.referrals.choosing import ServiceCard

    put(ServiceCard, full=ServiceCard.unsure)


@fault(f"{REFERRALS}/test_choosing.py")
def family_books_one_bed() -> None:
    """A family is offered places for all, and accepted with one."""
    from amana.care.referrals import needed

    put(
        needed, count_places=lambda referral, *, by: int(referral.service.counts_places)
    )


@fault(
    "amana/care/referrals/tests/test_choosing.py::"
    "test_a_no_to_one_house_takes_nothing_else_away"
)
def one_no_counts_for_all() -> None:
    """Who says no to one house is offered none."""
    from amana.care.referrals import choosing
    from amana.trust.access.models import Team

    refused = choosing.find_refused_teams

    def all_of_them(case: Any) -> set[int]:
        return (
            set(Team.objects.values_list("pk", flat=True)) if refused(case) else set()
        )

    put(choosing, find_refused_teams=all_of_them)
