"""Which field of HTCDS 2.0 each of ours is, and its codes.

The standard has one tick for consent, and no field for an answer to a referral, for
urgency, for services or for health: what has no place in it goes along under our own
name, so that exactly what was consented to arrives. Names and codes are the standard's,
its spelling included.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

type Value = str | int | list[str]

GENDER = {
    "female": "Feminine",
    "male": "Masculine",
    "other": "NonSpecifiedUnknown",
}
EXPLOITATION = {
    "sexual": "SexualExploitation",
    "labour": "ForcedLabour",
    "domestic": "Servitude",
    "begging": "ForcedBegging",
    "marriage": "ForcedMarriage",
    "organs": "OrganRemoval",
    "armed": "ForcedMilitaryByNonStateActors",
}
"""Forced criminality and debt bondage are no types there: they are Other, and go along
by our own code."""
OTHER = "Other"
LANGUAGES = 2
"""So many have a field."""
THREE_LETTERS: Mapping[str, str] = json.loads(
    Path(__file__).with_name("languages.json").read_text()
)
"""The code of ISO 639-2 (terminological) for each of ISO 639-1; source: the standard's
registration authority, https://www.loc.gov/standards/iso639-2/."""


@dataclass(frozen=True)
class Place:
    """The field of HTCDS that holds one of ours."""

    name: str
    said: Callable[[Any], Value] = lambda value: value


def first(values: Sequence[str]) -> str:
    return three_letters(values[0])


def second(values: Sequence[str]) -> str:
    return three_letters(values[1]) if len(values) > 1 else ""


def three_letters(code: str) -> str:
    """Write a language's code of two letters as ISO 639-2 has it; any other stays."""
    return THREE_LETTERS.get(code, code)


def whole_date(said: str) -> str:
    """Return a date; of a year alone nothing, for the standard has no form for that."""
    return said if said.count("-") == 2 else ""


def forms(codes: Sequence[str]) -> list[str]:
    return sorted({EXPLOITATION.get(code, OTHER) for code in codes})


def whole(key: str, value: Any) -> bool:
    """Check whether the standard's fields hold all of a value; else it is sent as it is
    too, so that no language and no form of exploitation is lost on the way."""
    if key == "identity.languages":
        return len(value) <= LANGUAGES
    if key == "narrative.exploitation":
        return all(code in EXPLOITATION for code in value)
    return key != "identity.sex" or value in {"female", "male"}


PLACES: Mapping[str, Sequence[Place]] = {
    "identity.name": [Place("prs_FirstName")],
    "identity.birth_date": [Place("prs_Birthdate", whole_date)],
    "identity.sex": [
        Place("prs_Gender", lambda code: GENDER.get(code, GENDER["other"]))
    ],
    "identity.nationality": [Place("prs_Citizenship", list)],
    "identity.languages": [
        Place("prs_PrimaryLanguage", first),
        Place("prs_SecondaryLanguage", second),
    ],
    "contact.number": [Place("prs_MobilePhone")],
    "needs.area": [Place("prs_MailingCity")],
    "needs.words": [Place("cas_IncomingReferralDetails")],
    "narrative.account": [Place("hte_Description")],
    "narrative.exploitation": [Place("vic_TypeOfExploitation", forms)],
}
