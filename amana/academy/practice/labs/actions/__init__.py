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
    begin_round,
    close,
    open_lab,
    propose,
    sign,
    take_seat,
    write_aside,
)

__all__ = [
    "accept",
    "advance",
    "begin_round",
    "bring_case",
    "close",
    "destroy",
    "forget_old",
    "give_answer",
    "open_case",
    "open_lab",
    "propose",
    "sign",
    "take_seat",
    "write_aside",
    "write_message",
]
