"""What can be done with a session: plan it, lead it, take part, note who came."""

from amana.academy.sessions.actions.attending import (
    arrive,
    list_on_paper,
    renew_calendar,
)
from amana.academy.sessions.actions.leading import (
    add_captions,
    ask,
    close_room,
    divide,
    gather,
    go_to_step,
    open_room,
    prolong,
    stop_asking,
)
from amana.academy.sessions.actions.planning import cancel, change, plan
from amana.academy.sessions.actions.taking_part import (
    answer_poll,
    hand_in_ticket,
    join,
    leave,
    raise_hand,
    report_back,
    ring,
    say_here,
    say_pace,
    write_note,
)

__all__ = [
    "add_captions",
    "answer_poll",
    "arrive",
    "ask",
    "cancel",
    "change",
    "close_room",
    "divide",
    "gather",
    "go_to_step",
    "hand_in_ticket",
    "join",
    "leave",
    "list_on_paper",
    "open_room",
    "plan",
    "prolong",
    "raise_hand",
    "renew_calendar",
    "report_back",
    "ring",
    "say_here",
    "say_pace",
    "stop_asking",
    "write_note",
]
