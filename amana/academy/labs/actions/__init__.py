"""What can be done at a table and in a clinic: one function per verb."""

from amana.academy.labs.actions.clinics import (
    advance,
    bring,
    destroy,
    forget_old,
    speak,
)
from amana.academy.labs.actions.negotiating import (
    accept,
    close,
    go_on,
    open_lab,
    propose,
    set_aside,
    sign,
    take_seat,
)

__all__ = [
    "accept",
    "advance",
    "bring",
    "close",
    "destroy",
    "forget_old",
    "go_on",
    "open_lab",
    "propose",
    "set_aside",
    "sign",
    "speak",
    "take_seat",
]
