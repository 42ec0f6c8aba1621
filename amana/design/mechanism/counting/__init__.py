"""Questions about numbers: how many people come, who is there to help, how often what
happens. For `capacity.yaml`, with which a mechanism is tried before people wait.

Shares stand in the file from 0 to 1; people read and write them in per cent.
"""

from amana.design.mechanism.counting.case_inputs import (
    ListLengthInput,
    PlacesInput,
    SharesInput,
    list_awaited_messages,
    list_given_codes,
    list_interrupts,
    list_starting_codes,
)
from amana.design.mechanism.counting.number_inputs import NumberInput, NumbersInput

__all__ = [
    "ListLengthInput",
    "NumberInput",
    "NumbersInput",
    "PlacesInput",
    "SharesInput",
    "list_awaited_messages",
    "list_given_codes",
    "list_interrupts",
    "list_starting_codes",
]
