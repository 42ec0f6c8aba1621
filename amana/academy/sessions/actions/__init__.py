"""What can be done with a session: plan it, lead it, take part, note who came."""

from amana.academy.sessions.actions.arrivals import (
    arrive,
    end_calendar,
    list_on_paper,
    renew_calendar,
)
from amana.academy.sessions.actions.kit_acts import (
    close_feedback,
    forget_who_gave_feedback,
    give_feedback,
    open_feedback,
    share_with_groups,
    show_slide,
)
from amana.academy.sessions.actions.leading import (
    add_captions,
    ask,
    close_room,
    divide,
    extend_step,
    gather,
    go_to_step,
    open_room,
    stop_asking,
)
from amana.academy.sessions.actions.planning import cancel, change, plan
from amana.academy.sessions.actions.polls import add_poll, remove_poll
from amana.academy.sessions.actions.taking_part import (
    answer_poll,
    enter_room,
    leave,
    raise_hand,
    record_presence,
    report_back,
    send_signal,
    signal_pace,
    submit_ticket,
    write_note,
)

__all__ = [
    "add_captions",
    "add_poll",
    "answer_poll",
    "arrive",
    "ask",
    "cancel",
    "change",
    "close_feedback",
    "close_room",
    "divide",
    "end_calendar",
    "enter_room",
    "extend_step",
    "forget_who_gave_feedback",
    "gather",
    "give_feedback",
    "go_to_step",
    "leave",
    "list_on_paper",
    "open_feedback",
    "open_room",
    "plan",
    "raise_hand",
    "record_presence",
    "remove_poll",
    "renew_calendar",
    "report_back",
    "send_signal",
    "share_with_groups",
    "show_slide",
    "signal_pace",
    "stop_asking",
    "submit_ticket",
    "write_note",
]
