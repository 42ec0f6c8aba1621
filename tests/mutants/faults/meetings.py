"""Faults of meetings and screenings without a network."""

from typing import Any

from .registry import fault, put

MEETINGS = "amana/care/meetings/tests"


@fault(f"{MEETINGS}/test_taking_in.py")
def meeting_said_now() -> None:
    """A consent of yesterday, given without a network, is dated today."""
    from django.utils import timezone

    from amana.care.meetings import actions

    put(actions, compute_answer_time=lambda ms, meeting: timezone.now())


@fault(f"{MEETINGS}/test_taking_in.py")
def meeting_answer_of_long_ago() -> None:
    """A yes of months ago is sent as if it still stood."""
    from datetime import timedelta

    from amana.care.meetings import actions

    put(actions, LONGEST_ANSWER=timedelta(days=500), LONGEST_AGO=timedelta(days=500))


@fault(f"{MEETINGS}/test_receiving.py")
def meeting_sent_of_someone_known() -> None:
    """Someone who may be known already is asked for again."""
    from amana.care.meetings import actions

    put(actions, find_known_people=lambda records, by: [])


@fault(f"{MEETINGS}/test_not_done.py")
def meeting_asks_closed_services() -> None:
    """A service that has closed since the meeting is asked all the same."""
    from amana.care.meetings import actions

    put(actions, _is_left_out=lambda service, need, taken: False)


@fault(f"{MEETINGS}/test_not_done.py")
def meeting_lost_to_a_refusal() -> None:
    """What is refused of a meeting undoes all of it."""
    from amana.care.meetings import actions

    put(actions, _tried=lambda taken, act: act())


@fault(f"{MEETINGS}/test_not_done.py")
def meeting_forgets_what_does_not_fit() -> None:
    """Answers of an older form that no longer fit are dropped without a word."""
    from amana.care.meetings.sheet import MeetingAnswers

    right = MeetingAnswers.leave_out_what_does_not_fit

    def leave_out(self: MeetingAnswers) -> None:
        right(self)
        self.left.clear()

    put(MeetingAnswers, leave_out_what_does_not_fit=leave_out)


@fault(f"{MEETINGS}/test_receiving.py")
def draft_keys_stay_behind() -> None:
    """A new epoch of a team's key leaves the keys of drafts under the old one."""
    from amana.trust.vault import epochs

    epochs.SEALED[:] = epochs.SEALED[:4]


@fault(f"{MEETINGS}/test_receiving.py")
def draft_key_believed() -> None:
    """A secret of drafts that someone exchanged in the database is used."""
    from amana.trust.vault import keys

    put(keys, require_own=lambda pair, public: None)


@fault(f"{MEETINGS}/test_views.py")
def meeting_kit_with_hidden_houses() -> None:
    """A device gets the names of houses that its worker may not see."""
    from amana.care.meetings import houses
    from amana.design.directory.models import Service

    def houses_for(teams: Any, *, user: Any) -> list[Any]:
        return [
            houses.CandidateHouse(service, False) for service in Service.objects.all()
        ]

    from amana.care.meetings import kit

    put(kit, list_houses=houses_for)


@fault(f"{MEETINGS}/test_receiving.py")
def draft_key_without_a_voucher() -> None:
    """A pair of keys of drafts that someone exchanged in the database is used."""
    from amana.trust.vault import crypto

    put(crypto, is_vouched=lambda key, voucher, *statement: True)


@fault(f"{MEETINGS}/test_houses.py")
def houses_from_nowhere() -> None:
    """A device offers services in an order that knows nothing of where one is."""
    from amana.care.meetings import kit

    put(kit, find_meeting_area=lambda teams: None)


@fault(f"{MEETINGS}/test_receiving.py")
def meeting_known_by_its_id() -> None:
    """A device deletes its answers because something else came under their id."""
    from amana.care.meetings import actions
    from amana.care.meetings.models import Meeting

    put(actions, _known=lambda sent: Meeting.objects.get(pk=sent.pk))


@fault(f"{MEETINGS}/test_taking_in.py")
def meeting_by_any_clock() -> None:
    """A sender gives an old yes any time by what they say of the device's clock."""
    from datetime import timedelta

    from amana.care.meetings import actions

    put(actions, MOST_OFFSET=timedelta(days=500))


@fault(f"{MEETINGS}/test_receiving.py")
def draft_of_any_colleague() -> None:
    """A colleague on the same device sends what another recorded as their own."""
    from amana.trust.vault import drafts

    put(
        drafts,
        bind_to_sender=lambda draft, key, sender: drafts.bind_place(
            "draft", key, draft
        ),
    )


@fault(f"{MEETINGS}/test_screenings.py")
def screening_by_the_hand_of_a_colleague() -> None:
    """Who does not work on a case writes into it when a colleague opens it."""
    from amana.care.cases.models import Case
    from amana.care.meetings import screenings

    right = screenings._case

    def found(meeting: Any, content: Any, *, by: Any) -> Case:
        meeting.met_by = by
        return right(meeting, content, by=by)

    put(screenings, _case=found)


@fault(f"{MEETINGS}/test_screenings.py")
def screening_counted_from_when_it_was_asked() -> None:
    """A screening that comes late is destroyed the next night."""
    from amana.care.screening.models import ScreeningQuerySet

    def stale(self: Any, before: Any) -> Any:
        return self.waiting().filter(screened_at__lte=before)

    put(ScreeningQuerySet, stale=stale)


@fault(f"{MEETINGS}/test_screenings.py")
def screening_made_twice() -> None:
    """A screening that the page has sent already is made once more by the device."""
    from amana.care.meetings import screenings

    put(screenings, find_made=lambda meeting: None)


@fault(f"{MEETINGS}/test_screenings.py")
def screening_asked_by_who_opens_it() -> None:
    """Who opens a screening that a colleague asked stands as who asked."""
    from amana.care.screening import actions

    right = actions.screen_person

    def screen(*args: Any, asked_by: Any = None, **asked: Any) -> Any:
        return right(*args, **asked)

    put(actions, screen_person=screen)
