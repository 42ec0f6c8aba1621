"""What can be done at a table and in a clinic: one function per verb."""

from amana.academy.practice.labs.actions.clinics import (
    advance,
    bring_case,
    destroy,
    forget_old,
    give_answer,
    open_case,
    write_message,
)
from amana.academy.practice.labs.actions.negotiations import (
    accept,
    make_draft,
    propose,
    refuse,
    sign,
    withdraw_signature,
    write_in_channel,
)
from amana.academy.practice.labs.actions.stages import (
    begin_round,
    break_down,
    call_break,
    close,
    come_back,
    open_lab,
    reopen,
    resume,
    take_seat,
    walk_away,
)

__all__ = [
    "accept",
    "advance",
    "begin_round",
    "break_down",
    "bring_case",
    "call_break",
    "close",
    "come_back",
    "destroy",
    "forget_old",
    "give_answer",
    "make_draft",
    "open_case",
    "open_lab",
    "propose",
    "refuse",
    "reopen",
    "resume",
    "sign",
    "take_seat",
    "walk_away",
    "withdraw_signature",
    "write_in_channel",
    "write_message",
]
