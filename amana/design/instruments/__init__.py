"""An instrument: what the answers of a form may be signs of, and what follows.

The rules file (pack/schemas/screening.json) is checked against the form and read here;
`Instrument.find` reads the answers. Signs inform and a person decides: what a person
says otherwise goes back in as `judged`, and everything behind it is concluded again.
Nothing here counts a person: a finding is a word, with the signs that it stands on.

A child needs no means, and a person who may be a child counts as one (Council of Europe
Convention on Action against Trafficking in Human Beings, Article 10.3).
"""

from typing import TYPE_CHECKING

from amana.design.instruments.findings import (
    ILO_EC,
    Dimension,
    DimensionStatus,
    FindingOverride,
    Findings,
    Flag,
    FlagRule,
    FlagStatus,
    FoundSign,
    MissingAnswer,
    MissingReason,
    RecommendedAction,
    SignStrength,
    TraffickingElement,
    is_enough,
)
from amana.design.instruments.instrument import Instrument, convert_answers
from amana.design.instruments.reading import read_instrument

if TYPE_CHECKING:
    pass

__all__ = [
    "ILO_EC",
    "Dimension",
    "DimensionStatus",
    "FindingOverride",
    "Findings",
    "Flag",
    "FlagRule",
    "FlagStatus",
    "FoundSign",
    "Instrument",
    "MissingAnswer",
    "MissingReason",
    "RecommendedAction",
    "SignStrength",
    "TraffickingElement",
    "convert_answers",
    "is_enough",
    "read_instrument",
]
