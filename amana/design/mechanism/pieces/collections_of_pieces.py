"""Collections: organisations, roles, duties, law …."""

from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import labels
from amana.design.mechanism.forms.choices import (
    list_hand_step_choices,
    list_organisation_choices,
    list_role_choices,
    list_step_choices,
    make_offer,
)
from amana.design.mechanism.forms.piece_questions import (
    CalendarDateInput,
    ChoiceInput,
    ChoicesInput,
    CodesInput,
    LineInput,
    TickInput,
    TranslatedInput,
    VerifiedInput,
)
from amana.design.mechanism.pieces.piece import (
    ACCESS,
    MECHANISM,
    PATHWAY,
    SPHERES,
    PieceCollection,
)
from amana.design.mechanism.pieces.step_pieces import list_question_choices

COLLECTIONS: dict[str, PieceCollection] = {
    "organisations": PieceCollection(
        MECHANISM,
        ("organisations",),
        (
            LineInput("name", lazy("Name"), required=True, most=200),
            ChoiceInput(
                "sphere", lazy("Sphere"), required=True, offer=make_offer(SPHERES)
            ),
            ChoiceInput(
                "kind",
                lazy("Kind"),
                required=True,
                offer=make_offer(labels.KINDS_OF_ORGANISATION),
            ),
        ),
        one=lazy("Organisation"),
        new="organisation",
        page="who",
    ),
    "roles": PieceCollection(
        MECHANISM,
        ("roles",),
        (
            TranslatedInput("title", lazy("Name of the role"), required=True),
            TranslatedInput("does", lazy("What it is for"), lines=3, required=True),
            TranslatedInput("calls", lazy("Whom they call for help"), lines=2),
            ChoicesInput(
                "who",
                lazy("Eligible organisations"),
                required=True,
                offer=list_organisation_choices,
            ),
            ChoiceInput(
                "access_role",
                lazy("What they may do in Amana"),
                required=True,
                offer=make_offer(ACCESS),
            ),
            ChoiceInput(
                "sphere", lazy("Sphere"), required=True, offer=make_offer(SPHERES)
            ),
            TickInput("may_refer", lazy("They may send referrals")),
            CodesInput(
                "certificates",
                lazy("Certificates that they must hold"),
                hint=lazy("Codes, separated by commas."),
            ),
        ),
        one=lazy("Role"),
        new="role",
        page="who",
    ),
    "partners": PieceCollection(
        MECHANISM,
        ("partners",),
        (TranslatedInput("partner", lazy("Who it is"), required=True),),
        one=lazy("Partner elsewhere"),
        new="partner",
        page="who",
        whole=True,
    ),
    "duties": PieceCollection(
        MECHANISM,
        ("duties",),
        (
            TranslatedInput("title", lazy("Activity"), required=True),
            ChoicesInput(
                "does", lazy("Who does it (R)"), required=True, offer=list_role_choices
            ),
            ChoiceInput(
                "answers_for",
                lazy("Who is accountable (A)"),
                required=True,
                offer=list_role_choices,
            ),
            ChoicesInput(
                "is_asked", lazy("Consulted beforehand (C)"), offer=list_role_choices
            ),
            ChoicesInput(
                "is_told", lazy("Informed afterwards (I)"), offer=list_role_choices
            ),
        ),
        one=lazy("Activity"),
        new="work",
        page="duties",
    ),
    "interrupts": PieceCollection(
        PATHWAY,
        ("interrupts",),
        (
            LineInput(
                "on",
                lazy("When this happens"),
                hint=lazy("A code, such as consent_withdrawn."),
                required=True,
                code=True,
                most=60,
            ),
            ChoiceInput(
                "next", lazy("The case goes to"), required=True, offer=list_step_choices
            ),
            ChoicesInput(
                "keeps", lazy("Steps that stay open"), offer=list_hand_step_choices
            ),
        ),
        one=lazy("What may happen at any time"),
        new="interrupt",
        page="steps",
    ),
    "law": PieceCollection(
        "law.yaml",
        (),
        (
            TranslatedInput(
                "instrument", lazy("Law, treaty or guideline"), required=True
            ),
            CalendarDateInput(
                "ratified_on",
                lazy("Binding here since"),
                hint=lazy("Leave empty if it is not binding here."),
            ),
            TranslatedInput("provision", lazy("Article or principle"), required=True),
            TranslatedInput(
                "obliges", lazy("What it requires of us"), lines=3, required=True
            ),
            ChoicesInput(
                "honoured_by",
                lazy("Steps that honour it"),
                offer=list_hand_step_choices,
            ),
            LineInput("source", lazy("Where to read it"), required=True, most=500),
            # Honest about sources: until a person has compared it, readers see that it
            # is unchecked.
            VerifiedInput("checked", lazy("Someone has compared this with the source")),
            TranslatedInput("note", lazy("What else readers should know"), lines=2),
        ),
        one=lazy("Provision"),
        new="provision",
        page="law",
    ),
    "glossary": PieceCollection(
        "glossary.yaml",
        (),
        (
            TranslatedInput("term", lazy("The word"), required=True),
            TranslatedInput(
                "means", lazy("What it means here"), lines=3, required=True
            ),
            LineInput("source", lazy("Where this comes from")),
        ),
        one=lazy("Word"),
        new="word",
        page="glossary",
    ),
    "indicators": PieceCollection(
        "indicators.yaml",
        ("indicators",),
        (
            TranslatedInput("title", lazy("What it shows"), required=True),
            TranslatedInput("counts", lazy("What is counted"), lines=2, required=True),
            TranslatedInput("of", lazy("Out of what"), lines=2),
            TranslatedInput("target", lazy("Target"), hint=lazy("Such as ≥ 90 %")),
            CodesInput(
                "by", lazy("Split by"), hint=lazy("Codes, separated by commas.")
            ),
            ChoicesInput(
                "steps", lazy("Steps it concerns"), offer=list_hand_step_choices
            ),
            ChoicesInput(
                "asks",
                lazy("Questions to the case’s team"),
                hint=lazy("Asked on a case’s outcomes page. Ask only what is used."),
                offer=list_question_choices,
            ),
            LineInput("source", lazy("Where this comes from"), required=True),
            VerifiedInput("checked", lazy("Someone has compared this with the source")),
        ),
        one=lazy("Indicator"),
        new="A01",
        page="indicators",
    ),
}
