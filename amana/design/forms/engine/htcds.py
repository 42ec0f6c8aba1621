"""The field names of the Human Trafficking Case Data Standard 2.0 (IOM, CC BY 4.0), so
that a form which claims to follow it can be checked."""

import re

from amana.faults import find_near_name

NAMES = frozenset(
    [
        "cas_CaseOwner",
        "cas_IncomingReferralDate",
        "cas_IncomingReferralDetails",
        "cas_OutgoingReferralDate",
        "cas_OutgoingReferralDetails",
        "cas_ReasonForCaseClosure",
        "cas_ReasonForIncomingReferral",
        "cas_ReasonForOutgoingReferral",
        "cas_ReferredOrganisation",
        "cas_ReferredPrimaryCaseWorker",
        "cas_ReferringOrganisation",
        "cas_ReferringPrimaryCaseWorker",
        "cas_Status",
        "cco_CaseComment",
        "con_Consent",
        "hte_City",
        "hte_Country",
        "hte_Date",
        "hte_Description",
        "hte_Latitude",
        "hte_Longitude",
        "hte_PostalCode",
        "hte_State",
        "hte_Street",
        "hte_Type",
        "org_Name",
        "org_Phone",
        "org_ShippingCity",
        "org_ShippingCountry",
        "org_ShippingLatitude",
        "org_ShippingLongitude",
        "org_ShippingPostalCode",
        "org_ShippingState",
        "org_ShippingStreet",
        "org_Type",
        "per_RoleDetails",
        "per_RoleInProcess",
        "prs_Birthdate",
        "prs_Citizenship",
        "prs_Deceased",
        "prs_Email",
        "prs_FirstName",
        "prs_Gender",
        "prs_HighestLevelOfEducation",
        "prs_HomePhone",
        "prs_IdentityNumber",
        "prs_MailingCity",
        "prs_MailingCountry",
        "prs_MailingLatitude",
        "prs_MailingLongitude",
        "prs_MailingPostalCode",
        "prs_MailingState",
        "prs_MailingStreet",
        "prs_MaritalStatus",
        "prs_MiddleName",
        "prs_MobilePhone",
        "prs_NumberOfChildren",
        "prs_PrimaryLanguage",
        "prs_Salutation",
        "prs_SecondName",
        "prs_SecondaryLanguage",
        "prs_Title",
        "spl_ActionPlan",
        "spl_ActualEndDate",
        "spl_Objectives",
        "spl_PlannedEndDate",
        "spl_Type",
        "vic_AgeWhenTrafficked",
        "vic_AgreementToManagePersonalData",
        "vic_DetailsOfVulnerabilities",
        "vic_ExploitationWebsitesAndApps",
        "vic_ForcedLabourIndustry",
        "vic_LocationOfExploitation",
        "vic_LocationOfRecruitment",
        "vic_MethodOfRecruitment",
        "vic_MethodsOfControl",
        "vic_RecruitmentWebsitesAndApps",
        "vic_RelationshipToTrafficker",
        "vic_TraffickingStatus",
        "vic_TraffickingStatusDecisionMakingOrg",
        "vic_TypeOfExploitation",
        "vic_TypeOfSexExploitation",
        "vic_Vulnerabilities",
    ]
)
CLAIMS = re.compile(r"(?:org|prs|vic|per|cas|cco|hte|spl|con)_[A-Z]\w*", re.ASCII)
"""A name that can only be meant as one of the standard's."""


def is_misnamed(name: str) -> bool:
    return CLAIMS.fullmatch(name) is not None and name not in NAMES


def suggest_name(name: str) -> str:
    """Suggest the standard's name that is nearest; empty where none is."""
    plain = {known.replace("_", "").lower(): known for known in NAMES}
    # Without underscores and capitals, which are what authors get wrong.
    near = find_near_name(name.replace("_", "").lower(), plain, likeness=0.8)
    return plain.get(near, "")
