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
class FieldPlace:
    """The field of HTCDS that holds one of ours."""

    name: str
    said: Callable[[Any], Value] = lambda value: value


def get_first_language(values: Sequence[str]) -> str:
    return convert_language(values[0])


def get_second_language(values: Sequence[str]) -> str:
    return convert_language(values[1]) if len(values) > 1 else ""


def convert_language(code: str) -> str:
    """Write a language's code of two letters as ISO 639-2 has it; any other stays."""
    return THREE_LETTERS.get(code, code)


def keep_whole_date(said: str) -> str:
    """Return a date; of a year alone nothing, for the standard has no form for that."""
    return said if said.count("-") == 2 else ""


def list_forms(codes: Sequence[str]) -> list[str]:
    return sorted({EXPLOITATION.get(code, OTHER) for code in codes})


def is_whole(key: str, value: Any) -> bool:
    """Check whether the standard's fields hold all of a value; else it is sent as it is
    too, so that no language and no form of exploitation is lost on the way."""
    if key == "identity.languages":
        return len(value) <= LANGUAGES
    if key == "narrative.exploitation":
        return all(code in EXPLOITATION for code in value)
    return key != "identity.sex" or value in {"female", "male"}


PLACES: Mapping[str, Sequence[FieldPlace]] = {
    "identity.name": [FieldPlace("prs_FirstName")],
    "identity.birth_date": [FieldPlace("prs_Birthdate", keep_whole_date)],
    "identity.sex": [
        FieldPlace("prs_Gender", lambda code: GENDER.get(code, GENDER["other"]))
    ],
    "identity.nationality": [FieldPlace("prs_Citizenship", list)],
    "identity.languages": [
        FieldPlace("prs_PrimaryLanguage", get_first_language),
        FieldPlace("prs_SecondaryLanguage", get_second_language),
    ],
    "contact.number": [FieldPlace("prs_MobilePhone")],
    "needs.area": [FieldPlace("prs_MailingCity")],
    "needs.words": [FieldPlace("cas_IncomingReferralDetails")],
    "narrative.account": [FieldPlace("hte_Description")],
    "narrative.exploitation": [FieldPlace("vic_TypeOfExploitation", list_forms)],
}
