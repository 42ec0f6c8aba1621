"""Codes of people and of conditions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """As the person states it."""

    FEMALE = "female", _("Women and girls")
    MALE = "male", _("Men and boys")
    OTHER = "other", _("People of another gender")


class LegalStatus(models.TextChoices):
    NATIONAL = "national", _("Nationals of this country")
    RESIDENT = "resident", _("Residence permit")
    TEMPORARY = "temporary", _("Visa or temporary permit")
    VICTIM_PERMIT = "victim_permit", _("Recovery period or victim residence permit")
    ASYLUM_SEEKER = "asylum_seeker", _("Asylum seekers")
    REFUGEE = "refugee", _("Recognised refugees")
    STATELESS = "stateless", _("Stateless people")
    DISPLACED = "displaced", _("Internally displaced people")
    RETURNEE = "returnee", _("Returned nationals")
    UNDOCUMENTED = "undocumented", _("People without a right to stay")


class Exploitation(models.TextChoices):
    SEXUAL = "sexual", _("Sexual exploitation")
    LABOUR = "labour", _("Forced labour")
    DOMESTIC = "domestic", _("Domestic servitude")
    BEGGING = "begging", _("Forced begging")
    CRIMINALITY = "criminality", _("Forced criminality")
    MARRIAGE = "marriage", _("Forced or child marriage")
    DEBT = "debt", _("Debt bondage")
    ORGANS = "organs", _("Removal of organs")
    ARMED = "armed", _("Use by armed groups")
    OTHER = "other", _("Another form")


class PersonGroup(models.TextChoices):
    TRAFFICKED = "trafficked", _("People who may have been trafficked")
    SMUGGLED = "smuggled", _("Smuggled migrants")
    GBV_SURVIVOR = "gbv_survivor", _("Survivors of gender-based violence")
    TORTURE_SURVIVOR = "torture_survivor", _("Survivors of torture")
    WOMAN_AT_RISK = "woman_at_risk", _("Women at risk")
    CHILD_AT_RISK = "child_at_risk", _("Children at risk")
    UNACCOMPANIED_CHILD = (
        "unaccompanied_child",
        _("Unaccompanied or separated children"),
    )
    FAMILY = "family", _("Families")
    SINGLE_PARENT = "single_parent", _("Single parents and carers")
    PREGNANT = "pregnant", _("Pregnant women")
    DISABILITY = "disability", _("People with disabilities")
    MEDICAL_CONDITION = "medical_condition", _("People with a serious illness")
    OLDER_PERSON = "older_person", _("Older people at risk")
    LGBTIQ = "lgbtiq", _("LGBTIQ+ people")
    SUBSTANCE_USE = "substance_use", _("People who use alcohol or drugs")
    WITH_PETS = "with_pets", _("People with an animal")
    IN_PROCEEDINGS = "in_proceedings", _("People accused in criminal proceedings")
    DETAINED = "detained", _("People in detention")


class Accessibility(models.TextChoices):
    STEP_FREE = "step_free", _("Step-free, for wheelchairs")
    SIGN_LANGUAGE = "sign_language", _("Sign language")
    WRITTEN = "written", _("Everything spoken is also written")
    LOW_VISION = "low_vision", _("For blind and partially sighted people")
    EASY_LANGUAGE = "easy_language", _("Plain language and extra time")
    PERSONAL_CARE = "personal_care", _("Help with daily care")
    QUIET = "quiet", _("Quiet room")


class RequiredDocument(models.TextChoices):
    """Documents that a service wants to see."""

    PASSPORT = "passport", _("Passport")
    NATIONAL_ID = "national_id", _("National identity card")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
    ASYLUM_CERTIFICATE = "asylum_certificate", _("Asylum-seeker certificate")
    REFUGEE_CARD = "refugee_card", _("Refugee card")
    MINISTRY_CARD = "ministry_card", _("Ministry registration card")
    IDENTIFICATION = "identification", _("Formal victim identification decision")
    POLICE_REPORT = "police_report", _("Police report")
    MEDICAL_REPORT = "medical_report", _("Medical report")
    PROOF_OF_ADDRESS = "proof_of_address", _("Proof of address")


class PlaceTrait(models.TextChoices):
    """What a place is like: some people look for it, some want none of it."""

    STAFF_24H = "staff_24h", _("Staff are there day and night")
    WOMEN_STAFF = "women_staff", _("Women on the staff")
    MEN_STAFF = "men_staff", _("Men on the staff")
    PRIVATE_ROOMS = "private_rooms", _("Private rooms")
    SHARED_ROOMS = "shared_rooms", _("Shared rooms")
    MIXED = "mixed", _("Women and men together")
    CONFIDENTIAL = "confidential", _("The address is secret")
    CLOSED = "closed", _("People can’t go out freely")
    NO_STATUS_CHECK = "no_status_check", _("No documents asked for")
    INTERPRETERS = "interpreters", _("Interpreters available on call")
    LGBTIQ_SAFE = "lgbtiq_safe", _("Safe for LGBTIQ+ people")
    SURVIVOR_LED = "survivor_led", _("Led by survivors")
    FAITH = "faith", _("Run by a faith group")
    STATE_RUN = "state_run", _("Run by the state")
    POLICE_RUN = "police_run", _("Run by the police")


class Modality(models.TextChoices):
    WALK_IN = "walk_in", _("People can walk in")
    APPOINTMENT = "appointment", _("By appointment")
    OUTREACH = "outreach", _("Staff visit people")
    MOBILE = "mobile", _("A mobile team or clinic")
    PHONE = "phone", _("By telephone")
    ONLINE = "online", _("Online")
    REFERRAL = "referral", _("Only with a referral")


COMES_TO_YOU = frozenset(
    {Modality.OUTREACH, Modality.MOBILE, Modality.PHONE, Modality.ONLINE}
)


class ReferralMethod(models.TextChoices):
    SYSTEM = "system", _("Through Amana")
    EMAIL = "email", _("E-mail, case by case")
    PHONE = "phone", _("Telephone, case by case")
    FORM = "form", _("Inter-agency referral form")
    OTHER_SYSTEM = "other_system", _("Another organisation’s system")


class NextStep(models.TextChoices):
    """What happens first after a referral."""

    CALL = "call", _("They call the person")
    VISIT = "visit", _("They call to arrange a visit")
    PERSON_COMES = "person_comes", _("The person goes there")


class FeedbackMethod(models.TextChoices):
    """How those who referred hear of it."""

    SYSTEM = "system", _("Through Amana")
    EMAIL = "email", _("E-mail to the sender")
    PHONE = "phone", _("Telephone call")
    FORM = "form", _("The form comes back signed")
    TABLE = "table", _("Shared tracking table")
    OTHER_SYSTEM = "other_system", _("Entry in another system")
    ON_REQUEST = "on_request", _("When the sender asks")
    WITH_CONSENT = "with_consent", _("With the person’s consent")
    NONE = "none", _("No feedback")
