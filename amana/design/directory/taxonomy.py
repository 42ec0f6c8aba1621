"""The vocabulary of the directory as data: what is offered, to whom, how. Codes are
stable.

Service types merge the lists of Primero, HTCDS and inter-agency practice; a new one is
one line here."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CapacityUnit(models.TextChoices):
    """What a free place is a place of."""

    BEDS = "beds", _("beds")
    FLATS = "flats", _("flats")
    SLOTS = "slots", _("appointments")
    SESSIONS = "sessions", _("sessions")
    CASES = "cases", _("places")
    CHILDREN = "children", _("children")
    ITEMS = "items", _("items")
    HOURS = "hours", _("hours")
    SEATS = "seats", _("seats")


class ServiceGroup(models.TextChoices):
    SH = "SH", _("Shelter and housing")
    HE = "HE", _("Health")
    MH = "MH", _("Mental health and psychosocial support")
    LG = "LG", _("Legal help")
    DO = "DO", _("Documents")
    CP = "CP", _("Child protection")
    PR = "PR", _("Protection and safety")
    BA = "BA", _("Basic needs")
    LA = "LA", _("Language")
    ED = "ED", _("Education")
    LV = "LV", _("Work and livelihood")
    CM = "CM", _("Case management")
    RR = "RR", _("Return and reintegration")
    FM = "FM", _("Family")
    SO = "SO", _("Smuggled migrants and rescue")
    SP = "SP", _("Community and faith")
    AC = "AC", _("Complaints and accountability")

    @property
    def types(self) -> list["ServiceType"]:
        return [kind for kind in ServiceType if kind.group is self]

    @property
    def unit(self) -> CapacityUnit:
        return UNITS[self]

    @property
    def icon(self) -> str:
        """The drawing by which a reader of another language finds it."""
        return ICONS[self]


class ServiceType(models.TextChoices):
    SH1 = "SH1", _("Emergency safe house")
    SH2 = "SH2", _("Short-stay or reflection shelter")
    SH3 = "SH3", _("Transitional or semi-independent housing")
    SH4 = "SH4", _("Long-term supported housing")
    SH5 = "SH5", _("Shelter for women")
    SH6 = "SH6", _("Shelter for men")
    SH7 = "SH7", _("Home for children")
    SH8 = "SH8", _("Family unit")
    SH9 = "SH9", _("LGBTIQ+ safe housing")
    SH10 = "SH10", _("Accessible housing")
    SH11 = "SH11", _("Closed shelter")
    SH12 = "SH12", _("Host or foster family")
    SH13 = "SH13", _("Cash for rent")
    SH14 = "SH14", _("Hotel voucher")
    SH15 = "SH15", _("Repair of a home")
    HE1 = "HE1", _("Emergency health care")
    HE2 = "HE2", _("Primary health care")
    HE3 = "HE3", _("Care after rape, forensic examination")
    HE4 = "HE4", _("Sexual, reproductive and antenatal care")
    HE5 = "HE5", _("Tuberculosis, HIV and hepatitis")
    HE6 = "HE6", _("Vaccination")
    HE7 = "HE7", _("Dental and eye care")
    HE8 = "HE8", _("Surgery and specialists")
    HE9 = "HE9", _("Occupational health")
    HE10 = "HE10", _("Rehabilitation")
    HE11 = "HE11", _("Help with alcohol and drugs")
    HE12 = "HE12", _("Medico-legal report")
    HE13 = "HE13", _("Medicines")
    HE14 = "HE14", _("Fitness to travel")
    HE15 = "HE15", _("Nutrition")
    MH1 = "MH1", _("Psychological first aid")
    MH2 = "MH2", _("Counselling")
    MH3 = "MH3", _("Trauma therapy")
    MH4 = "MH4", _("Psychiatry")
    MH5 = "MH5", _("Group or peer support")
    MH6 = "MH6", _("Support for children and families")
    MH7 = "MH7", _("Crisis line, day and night")
    LG1 = "LG1", _("Legal information")
    LG2 = "LG2", _("Counsel for victims in criminal cases")
    LG3 = "LG3", _("Defence and non-punishment")
    LG4 = "LG4", _("Immigration, asylum and residence counsel")
    LG5 = "LG5", _("Labour claims and unpaid wages")
    LG6 = "LG6", _("Compensation")
    LG7 = "LG7", _("Family law and guardianship")
    LG8 = "LG8", _("Clearing criminal records")
    LG9 = "LG9", _("Witness protection")
    DO1 = "DO1", _("Identity and birth documents")
    DO2 = "DO2", _("Consular and travel documents")
    DO3 = "DO3", _("Residence documents")
    DO4 = "DO4", _("Help for stateless people")
    CP1 = "CP1", _("Guardian")
    CP2 = "CP2", _("Best-interests assessment")
    CP3 = "CP3", _("Tracing and reunification of children")
    CP4 = "CP4", _("Alternative care")
    CP5 = "CP5", _("Age assessment")
    CP6 = "CP6", _("Child-friendly space")
    PR1 = "PR1", _("Police protection")
    PR2 = "PR2", _("Safety planning")
    PR3 = "PR3", _("Relocation")
    PR4 = "PR4", _("Safety of phones and accounts")
    PR5 = "PR5", _("Safe space for women and girls")
    BA1 = "BA1", _("Food")
    BA2 = "BA2", _("Clothes and household items")
    BA3 = "BA3", _("Hygiene")
    BA4 = "BA4", _("Cash")
    BA5 = "BA5", _("Transport")
    BA6 = "BA6", _("Phone and SIM card")
    BA7 = "BA7", _("Water and sanitation")
    LA1 = "LA1", _("Interpreter")
    LA2 = "LA2", _("Cultural mediator")
    LA3 = "LA3", _("Sign language")
    LA4 = "LA4", _("Translation of documents")
    ED1 = "ED1", _("School")
    ED2 = "ED2", _("Catch-up classes")
    ED3 = "ED3", _("Language classes")
    ED4 = "ED4", _("Literacy")
    ED5 = "ED5", _("Digital skills")
    LV1 = "LV1", _("Vocational training")
    LV2 = "LV2", _("Job placement")
    LV3 = "LV3", _("Grant for a small business")
    LV4 = "LV4", _("Money management")
    LV5 = "LV5", _("Childcare")
    LV6 = "LV6", _("Recognition of qualifications")
    CM1 = "CM1", _("Case worker")
    CM2 = "CM2", _("Advocate or companion")
    CM3 = "CM3", _("Outreach")
    CM4 = "CM4", _("Survivor peer mentor")
    RR1 = "RR1", _("Return counselling")
    RR2 = "RR2", _("Voluntary return")
    RR3 = "RR3", _("Escort")
    RR4 = "RR4", _("Reception on arrival")
    RR5 = "RR5", _("Reintegration grant")
    RR6 = "RR6", _("Follow-up after return")
    FM1 = "FM1", _("Family mediation")
    FM2 = "FM2", _("Family support")
    FM3 = "FM3", _("Tracing of adult relatives")
    SO1 = "SO1", _("Rescue and disembarkation")
    SO2 = "SO2", _("Missing migrants")
    SO3 = "SO3", _("Referral to asylum procedure")
    SO4 = "SO4", _("Rehabilitation after torture or ransom")
    SP1 = "SP1", _("Community group")
    SP2 = "SP2", _("Support by a faith group")
    AC1 = "AC1", _("Complaints")
    AC2 = "AC2", _("Ombudsperson or rapporteur")
    AC3 = "AC3", _("Protection from exploitation by staff")

    @property
    def group(self) -> ServiceGroup:
        return ServiceGroup(self.value.rstrip("0123456789"))

    @property
    def unit(self) -> CapacityUnit:
        return SPECIAL_UNITS.get(self) or self.group.unit


UNITS: dict[ServiceGroup, CapacityUnit] = dict.fromkeys(
    ServiceGroup, CapacityUnit.CASES
) | {
    ServiceGroup.SH: CapacityUnit.BEDS,
    ServiceGroup.HE: CapacityUnit.SLOTS,
    ServiceGroup.MH: CapacityUnit.SESSIONS,
    ServiceGroup.CP: CapacityUnit.CHILDREN,
    ServiceGroup.BA: CapacityUnit.ITEMS,
    ServiceGroup.LA: CapacityUnit.HOURS,
    ServiceGroup.ED: CapacityUnit.SEATS,
    ServiceGroup.LV: CapacityUnit.SEATS,
}
SPECIAL_UNITS: dict[ServiceType, CapacityUnit] = {
    ServiceType.SH3: CapacityUnit.FLATS,
    ServiceType.SH8: CapacityUnit.FLATS,
    ServiceType.SH13: CapacityUnit.ITEMS,
    ServiceType.SH15: CapacityUnit.ITEMS,
    ServiceType.MH5: CapacityUnit.SEATS,
    ServiceType.LV3: CapacityUnit.ITEMS,
    ServiceType.RR5: CapacityUnit.ITEMS,
}


def group_types() -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """Group all types as choices of a form, under the names of their groups."""
    return [
        (group.label, [(kind.value, kind.label) for kind in group.types])
        for group in ServiceGroup
    ]


# Whom a service is for. What it asks of a person, and what we may know of her.


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


# How it works.


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


ICONS: dict[ServiceGroup, str] = {
    ServiceGroup.SH: "shelter",
    ServiceGroup.HE: "health",
    ServiceGroup.MH: "mind",
    ServiceGroup.LG: "legal",
    ServiceGroup.DO: "documents",
    ServiceGroup.CP: "child",
    ServiceGroup.PR: "protection",
    ServiceGroup.BA: "food",
    ServiceGroup.LA: "interpreter",
    ServiceGroup.ED: "education",
    ServiceGroup.LV: "work",
    ServiceGroup.CM: "case",
    ServiceGroup.RR: "return",
    ServiceGroup.FM: "family",
    ServiceGroup.SO: "rescue",
    ServiceGroup.SP: "community",
    ServiceGroup.AC: "complaint",
}
"""Icons of the sprite in `ui`; each kind of help has its own."""
