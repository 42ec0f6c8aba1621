"""What can be done with a session: plan it, lead it, take part, note who came."""

from amana.academy.sessions.actions.arrivals import (
    arrive,
    end_calendar,
    list_on_paper,
    renew_calendar,
)
from amana.academy.sessions.actions.kit_acts import (
    close_feedback,
    give_feedback,
    hand_out,
    open_feedback,
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
    "gather",
    "give_feedback",
    "go_to_step",
    "hand_out",
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
    "show_slide",
    "signal_pace",
    "stop_asking",
    "submit_ticket",
    "write_note",
]
