"""Faults of requests to several services."""

from types import SimpleNamespace
from typing import Any

from .registry import fault, put

REQUESTS = "amana/care/requests/tests"


@fault(
    f"{REQUESTS}/test_asking_in_turn.py::"
    "test_the_first_is_asked_and_the_others_do_not_learn_that_there_is_a_question"
)
def third_house_learns() -> None:
    """A house in line, which nobody has asked, sees that there is a question."""
    from amana.care.requests import rules

    put(rules, UNKNOWN_TO_RECIPIENT=[])
    right = rules.see_enquiry.where

    def whoever_is_listed(user: Any) -> Any:
        from django.db.models import Q

        from amana.trust.access.rules import find_team_ids

        return right(user) | Q(recipient__in=find_team_ids(user))

    object.__setattr__(rules.see_enquiry, "where", whoever_is_listed)


@fault(
    f"{REQUESTS}/test_asking_in_turn.py::"
    "test_nobody_reads_of_her_before_a_yes_whoever_is_asked"
)
def held_back_opens_early() -> None:
    """The recipient's wrap is sealed without the layer of the pepper."""
    from amana.trust.vault import disclosures

    put(disclosures, has_pepper_layer=lambda disclosure, wrap: False)


@fault(
    f"{REQUESTS}/test_answering.py::"
    "test_of_two_houses_the_second_reads_that_it_is_accepted"
)
def two_houses_accept() -> None:
    """Nobody looks whether another house has accepted before."""
    from amana.care.requests import actions
    from amana.care.requests.models import Enquiry, HelpRequest

    def set_anyway(self: Any, to: Any, **changes: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(status=to, **changes)
        for name, value in (changes | {"status": to}).items():
            setattr(self, name, value)

    put(HelpRequest, move=set_anyway)
    put(Enquiry, move=set_anyway)
    put(actions, _close_others=lambda request, mine, *, by: None)


@fault(
    f"{REQUESTS}/test_asking_in_turn.py::"
    "test_of_several_asked_at_once_the_others_learn_only_that_it_is_closed"
)
def losers_keep_their_copies() -> None:
    """What was held back for a house that is out is not destroyed."""
    from amana.care.requests import actions

    put(actions, destroy_held_back_copies=lambda enquiries: None)


@fault(
    f"{REQUESTS}/test_earlier_consent.py::test_what_she_did_not_hear_of_is_read_to_her"
)
def unheard_of_carries_on() -> None:
    """A yes stands for what a recipient would read now, whatever she heard then."""
    from amana.care.consent import valid_consents

    put(valid_consents, has_heard_all=lambda consent, sealed, *, outside: True)


@fault(
    f"{REQUESTS}/test_earlier_consent.py::"
    "test_her_no_while_a_house_is_being_asked_stops_it"
)
def a_no_leaves_what_is_held_back() -> None:
    """A house that is being asked is told of her although she has said no since."""
    from amana.care.consent import actions

    put(
        actions,
        discount_earlier_consents=lambda answer, *, at, by: None,
    )


@fault(
    f"{REQUESTS}/test_earlier_consent.py::"
    "test_a_newer_yes_ends_what_is_asked_under_the_older"
)
def a_newer_yes_leaves_the_older_open() -> None:
    """What is asked under an older yes stays open after a newer and narrower one."""
    from amana.care.consent import actions

    put(actions, lock_earlier_consents=lambda at, **about: [])


@fault(
    f"{REQUESTS}/test_guardians.py::"
    "test_nobody_gets_what_a_guardian_agreed_to_who_came_under_suspicion"
)
def a_suspected_guardian_s_word_is_waited_on() -> None:
    """What a guardian agreed to is released although they came under suspicion."""
    from amana.care.consent import actions

    put(actions, discount_given_by_others=lambda case, identity, *, by: None)


@fault(
    f"{REQUESTS}/test_guardians.py::"
    "test_who_had_it_before_the_suspicion_keeps_it_and_nobody_else_is_told"
)
def a_house_is_asked_again_on_a_suspected_word() -> None:
    """What was shared once before is held back again, and released all the same."""
    from amana.care.requests import actions

    put(actions, stop_asking=lambda consent, *, by: None)


@fault(f"{REQUESTS}/test_request_pages.py::test_from_emergency_to_sent_are_four_taps")
def emergency_asks_for_consent() -> None:
    """An emergency can't be sent before somebody has agreed to something."""
    from amana.care.requests import actions
    from amana.errors import Refused

    def refused(*given: Any, **more: Any) -> Any:
        raise Refused("The person has not agreed to share with this service.")

    put(actions, ask_without_name=refused)


@fault(f"{REQUESTS}/test_undo.py")
def lapsed_before_its_decline() -> None:
    """The clock goes on from a house that has declined in time as from a silent one."""
    from amana.care.requests import chasing

    put(chasing, pending=SimpleNamespace(carry_out_due=lambda now: 0))


@fault("amana/care/requests/tests/test_race.py", on_postgresql=True)
def ends_hold_their_own_consent_alone() -> None:
    """Two consents of one case that end at once wait for each other."""
    from amana.care.consent import actions

    put(actions, lock_consents_of_cases=lambda cases: [])
