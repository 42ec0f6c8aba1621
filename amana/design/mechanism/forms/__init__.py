"""Pieces of a mechanism's files as questions: for people who will never see a file.

Each kind of question (words, a choice, a clock) knows its inputs, what they show of
what stands there, and what is to be there afterwards. What is not asked for stays.
"""

from amana.design.mechanism.forms.choices import (
    list_hand_step_choices,
    list_list_choices,
    list_organisation_choices,
    list_recipient_choices,
    list_role_choices,
    list_step_choices,
    list_sub_pathway_choices,
    list_table_choices,
    make_offer,
)
from amana.design.mechanism.forms.inputs import (
    EMPTY,
    Choices,
    Offer,
    SpanInput,
    Words,
    build_language_attributes,
    parse_code,
)
from amana.design.mechanism.forms.pathway_questions import (
    BranchesInput,
    ClockInput,
    OutputsInput,
    SignalsInput,
)
from amana.design.mechanism.forms.piece_form import PieceForm, choose_code, encode_piece
from amana.design.mechanism.forms.piece_questions import (
    CalendarDateInput,
    ChoiceInput,
    ChoicesInput,
    CodesInput,
    LineInput,
    OrderedInput,
    PieceInput,
    TickInput,
    TranslatedInput,
    UnclearAnswer,
    VerifiedInput,
)

__all__ = [
    "EMPTY",
    "BranchesInput",
    "CalendarDateInput",
    "ChoiceInput",
    "Choices",
    "ChoicesInput",
    "ClockInput",
    "CodesInput",
    "LineInput",
    "Offer",
    "OrderedInput",
    "OutputsInput",
    "PieceForm",
    "PieceInput",
    "SignalsInput",
    "SpanInput",
    "TickInput",
    "TranslatedInput",
    "UnclearAnswer",
    "VerifiedInput",
    "Words",
    "build_language_attributes",
    "choose_code",
    "encode_piece",
    "list_hand_step_choices",
    "list_list_choices",
    "list_organisation_choices",
    "list_recipient_choices",
    "list_role_choices",
    "list_step_choices",
    "list_sub_pathway_choices",
    "list_table_choices",
    "make_offer",
    "parse_code",
]
