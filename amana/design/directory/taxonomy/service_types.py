"""Groups and types of services, and what a place is a place of."""

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
    CP3 = "CP3", _("Family tracing and reunification")
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
