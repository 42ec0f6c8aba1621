"""The codes of which observations are made: public constants, never read from the data.

"" is not a code: it means unknown, and every figure shows how many are so.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.design.directory.taxonomy import ServiceType


class AgeBand(models.TextChoices):
    """How old, at the time."""

    TO_11 = "0-11", _("0 to 11 years")
    TO_17 = "12-17", _("12 to 17 years")
    TO_24 = "18-24", _("18 to 24 years")
    TO_59 = "25-59", _("25 to 59 years")
    FROM_60 = "60+", _("60 years and older")


class Sex(models.TextChoices):
    """As the person says it."""

    FEMALE = "female", _("Women and girls")
    MALE = "male", _("Men and boys")
    OTHER = "other", _("People of another gender")


class NationalityGroup(models.TextChoices):
    """Where a person is from, and never the country."""

    NATIONAL = "national", _("Nationals of this country")
    NEIGHBOUR = "neighbour", _("From a neighbouring country")
    REGION = "region", _("From elsewhere in the region")
    OTHER = "other", _("From further away")


class Disability(models.TextChoices):
    YES = "yes", _("With a disability")
    NO = "no", _("Without a disability")


class Status(models.TextChoices):
    TRAFFICKING = "trafficking", _("Trafficked people")
    SMUGGLING = "smuggling", _("Smuggled migrants")
    BOTH = "both", _("Trafficked and smuggled")
    OTHER = "other", _("Other people")


class Exploitation(models.TextChoices):
    LABOUR = "labour", _("Forced labour")
    DOMESTIC = "domestic", _("Domestic servitude")
    SEXUAL = "sexual", _("Sexual exploitation")
    BEGGING = "begging", _("Forced begging")
    CRIME = "crime", _("Forced criminality")
    MARRIAGE = "marriage", _("Forced or child marriage")
    ORGANS = "organs", _("Removal of organs")
    OTHER = "other", _("Another form, or several")
    NONE = "none", _("No exploitation")


class Sector(models.TextChoices):
    """The entry point, or what the agency that acted works in."""

    HUMANITARIAN = "humanitarian", _("Humanitarian and social")
    HEALTH = "health", _("Health")
    LEGAL = "legal", _("Legal")
    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement and justice")
    BORDER = "border", _("Border and immigration")


class Urgency(models.TextChoices):
    U0 = "U0", _("Emergency")
    U1 = "U1", _("High")
    U2 = "U2", _("Medium")
    U3 = "U3", _("Routine")


class Band(models.TextChoices):
    """How long it took, as an interval of time."""

    H1 = "1", _("Up to 1 hour")
    H4 = "4", _("1 to 4 hours")
    H24 = "24", _("4 to 24 hours")
    H48 = "48", _("1 to 2 days")
    H72 = "72", _("2 to 3 days")
    H120 = "120", _("3 to 5 days")
    H168 = "168", _("5 to 7 days")
    H336 = "336", _("1 to 2 weeks")
    H720 = "720", _("2 to 4 weeks")
    H1080 = "1080", _("30 to 45 days")
    H2160 = "2160", _("45 to 90 days")
    H4320 = "4320", _("3 to 6 months")
    H8760 = "8760", _("6 to 12 months")
    MORE = "more", _("More than a year")


BANDS: tuple[tuple[str, int | None], ...] = tuple(
    (band.value, None if band is Band.MORE else int(band.value)) for band in Band
)
"""Each interval with its upper limit in hours; the last has none."""


def get_band(took: timedelta) -> str:
    """Get the code of the interval in which a duration lies; a limit belongs to the
    interval below it."""
    hours = took.total_seconds() / 3600
    return next(code for code, most in BANDS if most is None or hours <= most)


class OutcomeMoment(models.TextChoices):
    """When an outcome was asked about."""

    INTAKE = "intake", _("At the beginning")
    M3 = "m3", _("After 3 months")
    M6 = "m6", _("After 6 months")
    M12 = "m12", _("After 12 months")


class Decision(models.TextChoices):
    """Which of the two decisions on identification."""

    FIRST = "first", _("Reasonable grounds")
    FINAL = "final", _("Identification")


class ReintegrationArea(models.TextChoices):
    """The three sides of standing on one’s own feet (IOM, reintegration)."""

    ECONOMIC = "economic", _("Economic")
    SOCIAL = "social", _("Social")
    PSYCHOSOCIAL = "psychosocial", _("Psychosocial")


class Outcome(models.TextChoices):
    """The Modern Slavery Core Outcome Set, 2023."""

    HOUSING = "housing", _("Secure and suitable housing")
    SAFETY = "safety", _("Safety from any trafficker or abuser")
    SUPPORT = "support", _("Long-term, consistent support")
    KINDNESS = "kindness", _("Compassionate, trauma-informed services")
    PURPOSE = "purpose", _("Purpose in life")
    TREATMENT = "treatment", _("Access to medical treatment")
    EDUCATION = "education", _("Access to education")


class SurveyQuestion(models.TextChoices):
    """What survivors are asked about how they were treated."""

    HOURS = "hours", _("Opening hours")
    COMFORT = "comfort", _("At ease with the worker")
    SAME_WORKER = "same_worker", _("The same worker each time")
    OPTIONS = "options", _("Informed about the options")
    DECISIONS = "decisions", _("Made their own decisions")
    REFERRED = "referred", _("Referred elsewhere when help was not available here")
    SUPPORT_PERSON = "support_person", _("Could bring someone they trust")
    UNSEEN = "unseen", _("Could come without being seen")
    CONFIDENTIAL = "confidential", _("Information was kept confidential")
    PRIVATE = "private", _("A private place to talk")
    FRIENDLY = "friendly", _("Friendliness")
    NOT_JUDGED = "not_judged", _("Not judged")
    LANGUAGE = "language", _("A language they understand")
    TIME = "time", _("Enough time")
    HELPED = "helped", _("Helped with the problem")
    RECOMMEND = "recommend", _("Would recommend it to a friend")
    BETTER = "better", _("Felt better afterwards")
    SATISFIED = "satisfied", _("Satisfied overall")
    DIGNITY = "dignity", _("Treated with dignity")
    SAFE = "safe", _("Felt safe")
    FREE_NO = "free_no", _("Free to refuse")
    WHO_SAW = "who_saw", _("Knew who could see their information")
    STORY_ONCE = "story_once", _("Did not have to repeat their story")
    COST = "cost", _("Cost and transport")
    COMPLAIN = "complain", _("Could complain without fear")


class Partner(models.TextChoices):
    """What agencies say of each other’s work, once a referral has ended."""

    ANSWERED = "answered", _("Answered when needed")
    REACHABLE = "reachable", _("Could be reached")
    TOLD = "told", _("Kept the sender informed")
    TREATED = "treated", _("Treated the person well")
    COMPLETE = "complete", _("The referral had the information needed")
    FITTING = "fitting", _("The referral went to the right place")
    PREPARED = "prepared", _("The person knew what to expect")


class MoneyKind(models.TextChoices):
    """What a sum is, in thousands of the country’s currency."""

    COMMITTED = "committed", _("Committed")
    SPENT = "spent", _("Spent")
    DOMESTIC = "domestic", _("Of the spending: from the state")
    CASES = "cases", _("Of the spending: on cases")
    NIGHTS = "nights", _("Of the spending: on safe nights")


RESULTS: Mapping[str, str | Promise] = {
    "presumed": _("Presumed"),
    "not_presumed": _("Not presumed"),
    "undecided": _("Undecided"),
    "complete": _("Complete"),
    "incomplete": _("Incomplete"),
    "consent": _("Consent"),
    "legal_basis": _("Another lawful basis"),
    "none": _("None"),
    "given": _("Given"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "in_time": _("In time"),
    "late": _("Late"),
    "not": _("Not at all"),
    "missed": _("Missed"),
    "changed": _("Changed"),
    "upheld": _("Upheld"),
    "granted": _("Granted"),
    "not_granted": _("Not granted"),
    "pending": _("Pending"),
    "free": _("Unconditional"),
    "for_cooperation": _("Conditional on cooperation"),
    "placed": _("Placed"),
    "not_placed": _("Not placed"),
    "yes": _("Yes"),
    "partly": _("Partly"),
    "no": _("No"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "closed": _("Closed"),
    "open": pgettext_lazy("state", "Open"),
    "started": pgettext_lazy("a service", "Started"),
    "not_started": _("Not started"),
    "met": _("Met"),
    "not_met": _("Not met"),
    "unmet": _("Unmet"),
    "warm": _("Accompanied or introduced"),
    "cold": _("By message alone"),
    "kept": _("Kept"),
    "lost": _("Lost"),
    "suitable": _("Suitable for children"),
    "unsuitable": _("Not suitable for children"),
    "detained": _("Detained"),
    "not_detained": _("Not detained"),
    "applied": _("Applied"),
    "not_applied": _("Not applied"),
    "received": _("Received"),
    "not_received": _("Not received"),
    "checked": _("Risks assessed, with consent"),
    "unchecked": _("Risks not assessed"),
    "fresh": _("Up to date"),
    "stale": _("Out of date"),
    "signed_trained": _("Signed and trained"),
    "not_signed_trained": _("Not signed or not trained"),
    "in_force": _("In force"),
    "not_in_force": _("Not in force"),
    "adopted": _("Adopted"),
    "reasoned": _("Not adopted, with a reason"),
    "implemented": _("Implemented"),
}
"""Every result that some kind of fact can have."""

SERVICE_TYPES: tuple[str, ...] = tuple(ServiceType.values)

DIMENSIONS: Mapping[str, type[models.TextChoices]] = {
    "age_band": AgeBand,
    "sex": Sex,
    "nationality_group": NationalityGroup,
    "disability": Disability,
    "status": Status,
    "exploitation": Exploitation,
    "sector": Sector,
    "urgency": Urgency,
}
"""By what figures are told apart, but for the area, whose codes are the country’s."""

OF_A_PERSON = (
    "age_band",
    "sex",
    "nationality_group",
    "disability",
    "status",
    "exploitation",
)
"""What is only in sealed words."""

NAMES: Mapping[str, str | Promise] = {
    "kind": _("What happened"),
    "result": _("Result"),
    "reason": _("Reason"),
    "band": _("Time"),
    "number": _("Number"),
    "month": _("Month"),
    "age_band": _("Age"),
    "sex": _("Sex"),
    "nationality_group": _("Nationality group"),
    "disability": _("Disability"),
    "status": _("Status"),
    "exploitation": _("Exploitation"),
    "area": _("Area"),
    "sector": _("Sector"),
    "agency": _("Organisation"),
    "urgency": _("Urgency"),
    "topic": _("Topic"),
}
"""The columns of a fact, as people read them."""
