"""Codes of people and of conditions: `person_codes.yaml` has them."""

from pathlib import Path

from amana.reviewed_files import FileCodes, name_codes, read_reviewed

FILE = Path(__file__).with_suffix(".yaml")
CODES = read_reviewed(FILE)


class Sex(FileCodes):
    """As the person states it."""

    vars().update(name_codes(CODES["sex"]))


class LegalStatus(FileCodes):
    vars().update(name_codes(CODES["legal_status"]))


class Exploitation(FileCodes):
    vars().update(name_codes(CODES["exploitation"]))


class PersonGroup(FileCodes):
    vars().update(name_codes(CODES["person_group"]))


class Accessibility(FileCodes):
    vars().update(name_codes(CODES["accessibility"]))


class RequiredDocument(FileCodes):
    """Documents that a service wants to see."""

    vars().update(name_codes(CODES["required_document"]))


class PlaceTrait(FileCodes):
    """What a place is like: some people look for it, some want none of it."""

    vars().update(name_codes(CODES["place_trait"]))


class Modality(FileCodes):
    vars().update(name_codes(CODES["modality"]))


VISITS = frozenset({Modality.OUTREACH, Modality.MOBILE})
FROM_AFAR = frozenset({Modality.PHONE, Modality.ONLINE})
COMES_TO_YOU = VISITS | FROM_AFAR


class ReferralMethod(FileCodes):
    vars().update(name_codes(CODES["referral_method"]))


class NextStep(FileCodes):
    """What happens first after a referral."""

    vars().update(name_codes(CODES["next_step"]))


class FeedbackMethod(FileCodes):
    """How those who referred hear of it."""

    vars().update(name_codes(CODES["feedback_method"]))
