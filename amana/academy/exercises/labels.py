"""How acts and verdicts are called, and what a scenario is called for its reader."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.academy.exercises.engine.criteria import Verdict
from amana.academy.exercises.engine.scenario import ActPattern, Scenario, Text
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import choose_words
from amana.ui.dates import format_date
from amana.ui.labels import format_list

ACTS = {
    "safety.assessed": _("Safety was established"),
    "seen.alone": _("Seen alone"),
    "need.found": _("An urgent need was found"),
    "need.acted_on": _("An urgent need was acted on"),
    "narrative.written": _("The story was recorded"),
    "screening.finished": _("Screening was finished"),
    "interpreter.used": _("Someone interpreted"),
    "companion.seen": _("A companion was recognised"),
    "consent.recorded": _("Consent was recorded"),
    "consent.withdrawn": _("Consent was withdrawn"),
    "guardian.consented": _("A guardian consented"),
    "guardian.suspected": _("A guardian was suspected"),
    "guardian.called": _("A guardian was called"),
    "age.doubted": _("An age was in doubt"),
    "disclosure.made": _("Information was shared"),
    "call.told": _("Shared in a call or conversation"),
    "border.asked": _("Border authorities asked"),
    "handover.ordered": _("A handover was ordered"),
    "handover.confirmed": _("A handover was confirmed"),
    "referral.sent": _("A referral was sent"),
    "referral.received": _("A referral was received"),
    "referral.answered": _("A referral was accepted"),
    "referral.declined": _("A referral was declined"),
    "referral.completed": _("A service was completed"),
    "help.asked": _("Several teams were asked for help"),
    "help.answered": _("A request for help was accepted"),
    "help.declined": _("A request for help was declined"),
    "screening.handed": _("A screening was handed over"),
    "need.unmet": _("A need stayed unmet"),
    "word.heard": _("The person was asked how it was"),
    "case.assigned": _("A colleague was assigned"),
    "case.opened": _("A case was read"),
}
"""What was done, in few words."""

KNOWN_WHEN = {
    "asked": _("when asked"),
    "alone": _("seen alone"),
    "safe": _("once safety was established"),
    "interpreter": _("with an interpreter"),
    "guardian": _("with a guardian"),
    "agreed": _("once they have consented"),
    "needs_met": _("once an urgent need was met"),
}
"""Under which conditions a person discloses something."""

SENT_BY = {
    "person": _("in person"),
    "phone": _("by telephone"),
    "document": _("a document"),
    "news": _("in the news"),
    "hint": _("a hint"),
}
"""How an inject comes."""

VERDICTS = {
    Verdict.MET: (_("met"), "good"),
    Verdict.ABSENT: (_("absent"), "late"),
    Verdict.PENDING: (_("pending"), "due"),
    Verdict.NOT_TESTED: (_("not tested"), "plain"),
}
"""Each with the tone in which it is shown."""


def choose_text(text: Text, otherwise: str = "en") -> str:
    """Choose a text of a scenario in the reader's language, else in `otherwise`."""
    return choose_words(text, get_language() or otherwise, otherwise)


def format_conditions(conditions: Collection[str]) -> str:
    """Format under which conditions, all of them, a person discloses something."""
    return format_list(str(KNOWN_WHEN[condition]) for condition in sorted(conditions))


def format_act(pattern: ActPattern, scenario: Scenario, pack: Pack) -> str:
    """Format an act, and of whom or towards whom it is."""
    codes = filter(None, (pattern.person, pattern.recipient))
    whom = [name_party(code, scenario, pack) for code in codes]
    act = str(ACTS[pattern.act])
    return f"{act} ({format_list(whom)})" if whom else act


def name_party(code: str, scenario: Scenario, pack: Pack) -> str:
    """Name whom an act is of: an invented person, or an organisation; else its code."""
    if code in scenario.people:
        return scenario.people[code].name
    organisation = pack.organisations.get(code)
    return organisation.name if organisation else code


def format_missed(due_at: datetime, ended_at: datetime) -> str:
    """Format why an inject did not come that nothing but its time kept away: the
    exercise had ended by then, or ended before it was played."""
    at = format_date(timezone.localtime(due_at), "j F, H:i")
    if due_at > ended_at:
        return say("Would have come on %(at)s, after the end") % {"at": at}
    return say("Was due on %(at)s; the exercise ended before it was played") % {
        "at": at
    }
