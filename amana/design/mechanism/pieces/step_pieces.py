"""Pieces of the pathway: steps of each kind."""

from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import labels
from amana.design.mechanism.asked import ASKED
from amana.design.mechanism.forms.choices import (
    list_list_choices,
    list_recipient_choices,
    list_role_choices,
    list_step_choices,
    list_sub_pathway_choices,
    list_table_choices,
)
from amana.design.mechanism.forms.inputs import Choices
from amana.design.mechanism.forms.pathway_questions import (
    BranchesInput,
    ClockInput,
    OutputsInput,
    SignalsInput,
)
from amana.design.mechanism.forms.piece_questions import (
    ChoiceInput,
    ChoicesInput,
    LineInput,
    OrderedInput,
    PieceInput,
    TranslatedInput,
)
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.pieces.piece import PATHWAY, PackPiece


def list_form_choices(seen: Outline) -> Choices:
    return [(name, labels.format_code_without_words(name)) for name in seen.forms]


def list_instrument_choices(seen: Outline) -> Choices:
    return [
        (name, labels.format_code_without_words(name))
        for path in seen.plain
        if path.startswith("screening/")
        for name in [path.removeprefix("screening/").removesuffix(".yaml")]
    ]


def list_question_choices(seen: Outline) -> Choices:
    return list(ASKED.items())


ENDS = "–"


NEXT = ChoiceInput(
    "next",
    lazy("What comes next"),
    hint=lazy("If nothing comes next, this branch ends here."),
    offer=list_step_choices,
    nothing=lazy("Nothing: it ends here"),
)


STEPS: dict[str, tuple[PieceInput, ...]] = {
    "do": (
        TranslatedInput("do", lazy("What is done"), required=True),
        TranslatedInput("how", lazy("How to do it well"), lines=3),
        ChoiceInput(
            "role", lazy("Who does it"), required=True, offer=list_role_choices
        ),
        ClockInput(
            "due",
            lazy("By when"),
            hint=lazy("One time limit for all, or one for each urgency."),
        ),
        ClockInput("remind", lazy("Reminder before deadline")),
        OrderedInput("late", lazy("Who is notified if late"), offer=list_role_choices),
        ChoiceInput(
            "form", lazy("Form"), offer=list_form_choices, nothing=lazy("No form")
        ),
        ChoiceInput(
            "screening",
            lazy("Screening instrument"),
            offer=list_instrument_choices,
            nothing=lazy("No instrument"),
        ),
        OutputsInput(
            "gives",
            lazy("What is recorded at the end"),
            hint=lazy(
                "Codes only, on which the pathway depends: nothing about a person."
            ),
        ),
        NEXT,
        LineInput(
            "end",
            lazy("If the case ends here, how"),
            hint=lazy("A short code, such as closed. Otherwise leave it empty."),
            code=True,
            most=60,
        ),
    ),
    "choose": (BranchesInput("choose", lazy("Where it leads"), required=True),),
    "together": (
        ChoicesInput(
            "together",
            lazy("Steps that start together"),
            required=True,
            offer=list_step_choices,
        ),
        ChoiceInput(
            "each",
            lazy("Once for each"),
            offer=list_list_choices,
            nothing=lazy("Once only"),
        ),
        NEXT,
    ),
    "decide": (
        ChoiceInput(
            "decide",
            lazy("Table that decides"),
            required=True,
            offer=list_table_choices,
        ),
        LineInput(
            "gives",
            lazy("Name for its result"),
            required=True,
            code=True,
            most=60,
        ),
        NEXT,
    ),
    "tell": (
        ChoiceInput(
            "tell", lazy("Who is notified"), required=True, offer=list_recipient_choices
        ),
        LineInput(
            "message",
            lazy("Message"),
            hint=lazy("A short code, such as transfer proposed."),
            required=True,
            code=True,
            most=60,
        ),
        NEXT,
    ),
    "wait": (SignalsInput("wait", lazy("What is expected")),),
    "part": (
        ChoiceInput(
            "part",
            lazy("Part to go through"),
            required=True,
            offer=list_sub_pathway_choices,
        ),
        NEXT,
    ),
}


def build_step_piece(seen: Outline, key: str) -> PackPiece:
    step = seen.steps[key]
    return PackPiece(
        PATHWAY, step.place, STEPS[step.kind], labels.format_step_title(seen, key)
    )
