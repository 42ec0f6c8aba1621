"""Why a service matches or does not, and what to ask."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amana.design.directory.hours import (
    find_next_opening,
    format_day_name,
    is_always_open,
    is_open,
)
from amana.design.directory.labels.code_labels import (
    CONDITIONS,
    Sentence,
    format_access,
    format_day,
    format_funding,
    format_list,
    format_outdated,
    format_spoken_languages,
    format_traits,
    lower_first,
)
from amana.design.directory.matching import (
    MatchBenefit,
    MatchDrawback,
    MatchRule,
    Respondent,
)
from amana.design.directory.matching.answer import Match, MatchAnswer, MatchQuestion
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST
from amana.design.directory.models import Service
from amana.design.directory.taxonomy.person_codes import Sex


def format_too_few(service: Service) -> str:
    if service.is_full:
        return _("Full: %(counted)s.") % {"counted": format_count(service)}
    return _("Not enough places: %(counted)s.") % {"counted": format_count(service)}


def format_coverage_question(service: Service) -> str:
    """Format what to ask of a service whose coverage is not known, or in words only."""
    if not service.coverage_note:
        return _("Ask the service whether it comes to where the person is.")
    return _(
        "Ask the service whether it serves where the person is. It states: %(area)s"
    ) % {"area": service.coverage_note}


AGAINST: dict[MatchRule, Sentence] = CONDITIONS | {
    MatchRule.ACCESS: format_access,
    MatchRule.LANGUAGE: format_spoken_languages,
    MatchRule.CLOSED: lambda s: _("It is closed and does not open in time."),
    MatchRule.FULL: format_too_few,
    MatchRule.NO_REFERRALS: lambda s: _("It does not accept referrals."),
    MatchRule.PAUSED: lambda s: _("It is not taking new people at present."),
    MatchRule.FUNDING: format_funding,
    MatchRule.OUTDATED: format_outdated,
    MatchRule.TOO_FAR: lambda s: _("It is too far away."),
    MatchRule.EXCLUDED_AREA: lambda s: _("It is in an area to avoid."),
    MatchRule.EXCLUDED_ORGANISATION: lambda s: _(
        "It belongs to an organisation to avoid."
    ),
    MatchRule.EXCLUDED_SERVICE: lambda s: _("It has already been asked."),
    MatchRule.WISH: lambda s: (
        _("The person does not want this: %(traits)s")
        % {"traits": lower_first(format_traits(s))}
    ),
}


HAS: dict[MatchRule, Callable[[Service], bool]] = {
    MatchRule.SEX: lambda s: bool(s.sexes),
    MatchRule.AGE: lambda s: s.age_min > 0 or s.age_max < OLDEST,
    MatchRule.NATIONALITY: lambda s: bool(s.nationalities or s.not_nationalities),
    MatchRule.STATUS: lambda s: bool(s.statuses),
    MatchRule.EXPLOITATION: lambda s: bool(s.exploitation),
    MatchRule.GROUP: lambda s: bool(s.groups),
    MatchRule.NOT_FOR: lambda s: bool(s.not_groups),
    MatchRule.CHILDREN: lambda s: s.children_max < ANY_NUMBER,
    MatchRule.DOCUMENTS: lambda s: bool(s.documents),
    MatchRule.POLICE: lambda s: s.needs_police,
    MatchRule.IDENTIFIED: lambda s: s.needs_identified,
    MatchRule.COST: lambda s: s.costs,
    MatchRule.OUT_OF_AREA: lambda s: bool(s.coverage or s.coverage_note),
}


def list_conditions(service: Service, *, with_area: bool = True) -> list[str]:
    """List every condition of the service; empty: it is for everyone."""
    return [
        sentence(service)
        for reason, sentence in CONDITIONS.items()
        if HAS[reason](service) and (with_area or reason != MatchRule.OUT_OF_AREA)
    ]


def list_all_conditions(service: Service, *, to_mailbox: bool = False) -> list[str]:
    """List all that limits for whom it is, its own words too. Who reads a mailbox is
    not known: there nothing shows where a secret place may be."""
    silent = to_mailbox and service.hidden
    listed = list_conditions(service, with_area=not silent)
    if service.own_assessment:
        listed.append(_("It decides after its own assessment."))
    if service.conditions:
        own = _("Further conditions are not shown here.")
        listed.append(own if silent else service.conditions)
    return listed


def format_reason(reason: MatchRule, service: Service) -> str:
    """Format why this service is not for this person."""
    return AGAINST[reason](service)


SHORT: dict[MatchRule, object] = {
    MatchRule.SEX: gettext_lazy("Sex or gender"),
    MatchRule.AGE: gettext_lazy("Age"),
    MatchRule.NATIONALITY: gettext_lazy("Nationality"),
    MatchRule.STATUS: gettext_lazy("Legal status"),
    MatchRule.EXPLOITATION: gettext_lazy("Form of exploitation"),
    MatchRule.GROUP: gettext_lazy("Only for certain groups"),
    MatchRule.NOT_FOR: gettext_lazy("Not for certain groups"),
    MatchRule.CHILDREN: gettext_lazy("Number of children"),
    MatchRule.ACCESS: gettext_lazy("Accessibility"),
    MatchRule.DOCUMENTS: gettext_lazy("Documents required"),
    MatchRule.POLICE: gettext_lazy("Cooperation with the police required"),
    MatchRule.IDENTIFIED: gettext_lazy("Formal identification required"),
    MatchRule.COST: gettext_lazy("Cost"),
    MatchRule.LANGUAGE: gettext_lazy("Language"),
    MatchRule.CLOSED: gettext_lazy("Closed, opens too late"),
    MatchRule.FULL: gettext_lazy("No places free"),
    MatchRule.NO_REFERRALS: gettext_lazy("Does not accept referrals"),
    MatchRule.PAUSED: gettext_lazy("Not taking new people"),
    MatchRule.FUNDING: gettext_lazy("Funding ended"),
    MatchRule.OUTDATED: gettext_lazy("Details not confirmed for too long"),
    MatchRule.OUT_OF_AREA: gettext_lazy("Only for other areas"),
    MatchRule.TOO_FAR: gettext_lazy("Distance"),
    MatchRule.EXCLUDED_AREA: gettext_lazy("Area to avoid"),
    MatchRule.EXCLUDED_ORGANISATION: gettext_lazy("Organisation to avoid"),
    MatchRule.EXCLUDED_SERVICE: gettext_lazy("Already asked"),
    MatchRule.WISH: gettext_lazy("Against the person’s wishes"),
}
"""The name of each rule, for the funnel."""


ASK_PERSON: dict[MatchRule, Sentence] = {
    MatchRule.SEX: lambda s: _("Is the person a woman, a man, or of another gender?"),
    MatchRule.AGE: lambda s: _("How old is the person? %(condition)s"),
    MatchRule.NATIONALITY: lambda s: _("Where is the person from? %(condition)s"),
    MatchRule.STATUS: lambda s: _("What is the person’s legal status? %(condition)s"),
    MatchRule.EXPLOITATION: lambda s: _("What has happened? %(condition)s"),
    MatchRule.GROUP: lambda s: _("Does this apply to the person? %(condition)s"),
    MatchRule.NOT_FOR: lambda s: _(
        "Does any of this apply to the person? %(condition)s"
    ),
    MatchRule.CHILDREN: lambda s: _(
        "How many children are with the person? %(condition)s"
    ),
    MatchRule.ACCESS: lambda s: _("Does the person have any access needs?"),
    MatchRule.DOCUMENTS: lambda s: _(
        "Does the person have these documents? %(condition)s"
    ),
    MatchRule.POLICE: lambda s: _("Is the person willing? %(condition)s"),
    MatchRule.IDENTIFIED: lambda s: _(
        "Has the person been formally identified? %(condition)s"
    ),
    MatchRule.COST: lambda s: _("Can the person pay? %(condition)s"),
    MatchRule.OUT_OF_AREA: lambda s: _("Where does the person live? %(condition)s"),
}


ASK_SERVICE: dict[MatchRule, Sentence] = {
    MatchRule.ACCESS: lambda s: _("Ask the service how accessible it is."),
    MatchRule.LANGUAGE: lambda s: _("Ask the service which languages are spoken."),
    MatchRule.CLOSED: lambda s: _("Ask the service when it is open."),
    MatchRule.FULL: lambda s: _("Call to check for a free place."),
    MatchRule.OUT_OF_AREA: format_coverage_question,
    MatchRule.TOO_FAR: lambda s: _("Ask the service where it is."),
    MatchRule.EXCLUDED_AREA: lambda s: _(
        "Ask the service where it is: it may be in an area to avoid."
    ),
}


def format_question(question: MatchQuestion, service: Service) -> str:
    """Format the question that has to be answered before this service is certain."""
    if question.whom is Respondent.SERVICE:
        return ASK_SERVICE[question.reason](service)
    sentence = ASK_PERSON[question.reason](service)
    if "%(condition)s" not in sentence:
        return sentence
    # With the condition in it: a worker can only ask what depends on the answer if they
    # see what that is.
    return sentence % {"condition": CONDITIONS[question.reason](service)}


def format_distance(km: float, service: Service) -> str:
    """Format a distance; where only the area is known, from the middle of that."""
    rounded = {"km": f"{km:.0f}"}
    # “About”, so that the middle of an area is not taken for the address of a safe
    # house.
    if service.lat is not None:
        return _("%(km)s km") % rounded if km >= 1 else _("less than 1 km")
    return _("about %(km)s km") % rounded if km >= 1 else _("in the same area")


def format_opening(service: Service, now: datetime) -> str:
    """Format whether it is open now, and else when it opens next."""
    if service.hours is None:
        return _("Opening hours not known")
    if is_always_open(sorted((start, end) for start, end in service.hours)):
        return _("Open day and night")
    zone = service.zone or settings.TIME_ZONE
    if is_open(service.hours, zone, now):
        return _("Open now")
    at = find_next_opening(service.hours, zone, now)
    if at is None:
        return _("Closed")
    # In the reader's time, who may be in another zone than the service.
    here = timezone.localtime(at)
    days = (here.date() - timezone.localtime(now).date()).days
    time = date_format(here, "H:i")
    if days == 0:
        return _("Opens today at %(time)s") % {"time": time}
    if days == 1:
        return _("Opens tomorrow at %(time)s") % {"time": time}
    return _("Opens %(day)s at %(time)s") % {
        "day": format_day_name(here.weekday()),
        "time": time,
    }


def format_count(service: Service) -> str:
    """Format the count: "0 of 10 beds free, counted on 29 Sep 2026"."""
    if service.places_said_at is None:
        return _("Availability has never been recorded")
    return _("%(places)s, %(counted)s") % {
        "places": format_free_places(service),
        "counted": format_count_time(service),
    }


def format_count_time(service: Service) -> str:
    """Format when places were counted; empty where they never were, of a safe house the
    day and no more."""
    if service.places_said_at is None:
        return ""
    here, today = timezone.localtime(service.places_said_at), timezone.localdate()
    # The time of a count can be the time at which someone arrived.
    if service.hidden:
        return format_count_day(here.date(), today)
    time = date_format(here, "H:i")
    if here.date() == today:
        return _("counted today at %(time)s") % {"time": time}
    if here.date() == today - timedelta(days=1):
        return _("counted yesterday at %(time)s") % {"time": time}
    return _("counted on %(day)s") % {"day": date_format(here, _("j M Y"))}


def format_count_day(day: date, today: date) -> str:
    if day == today:
        return _("counted today")
    if day == today - timedelta(days=1):
        return _("counted yesterday")
    return _("counted on %(day)s") % {"day": date_format(day, _("j M Y"))}


def describe_totals(answer: MatchAnswer) -> str:
    """Describe the totals: each service that offers what is needed, counted once."""
    return _(
        "Services within reach that offer this: %(all)s. Fit now: %(fit)s. "
        "Availability to confirm: %(ask)s. Don’t fit: %(others)s."
    ) % {
        "all": answer.candidates,
        "fit": answer.fitting,
        "ask": answer.to_confirm,
        "others": answer.candidates - answer.fitting - answer.to_confirm,
    }


def describe_people(service: Service) -> str:
    """Describe in a few words for whom it is: "Women and girls, from 18"."""
    words = [str(Sex(code).label) for code in service.sexes]
    if service.age_min and service.age_max < OLDEST:
        years = {"from": service.age_min, "to": service.age_max}
        words.append(_("aged %(from)s to %(to)s") % years)
    elif service.age_min:
        words.append(_("aged %(age)s and over") % {"age": service.age_min})
    elif service.age_max < OLDEST:
        words.append(_("aged %(age)s and under") % {"age": service.age_max})
    return format_list(words)


def format_free_places(service: Service) -> str:
    """Format the free places: "3 of 12 beds free"."""
    return _("%(free)s of %(total)s %(unit)s free") % {
        "free": service.places_free,
        "total": service.places_total,
        "unit": service.get_unit_display(),
    }


def format_time_limit(time: timedelta | None) -> str:
    """Format a time limit in hours below two days, else in days; empty where nothing is
    promised."""
    if time is None:
        return ""
    hours = round(time.total_seconds() / 3600)
    if hours < 48:
        text = ngettext("within one hour", "within %(count)s hours", hours)
        return text % {"count": hours}
    days = round(hours / 24)
    return ngettext("within one day", "within %(count)s days", days) % {"count": days}


def format_days(count: int) -> str:
    return ngettext("one day", "%(count)s days", count) % {"count": count}


def format_advantage(word: MatchBenefit, match: Match, service: Service) -> str:
    sentences: dict[MatchBenefit, Callable[[], str]] = {
        MatchBenefit.MEETS_ALL: lambda: _("It offers what is needed."),
        MatchBenefit.NEAR: lambda: _("It is near."),
        MatchBenefit.COMES_TO_YOU: lambda: _("It visits people or helps remotely."),
        MatchBenefit.SPEAKS: lambda: format_spoken_languages(service),
        MatchBenefit.FREE_PLACES: lambda: format_free_places(service) + ".",
        MatchBenefit.NO_PLACES_COUNTED: lambda: _("It does not count places."),
        MatchBenefit.ANSWERS_IN_TIME: lambda: _("It usually answers in time."),
        MatchBenefit.NO_WAIT: lambda: _("There is no wait."),
        MatchBenefit.AS_WISHED: lambda: (
            _("What it is like: %(traits)s")
            % {"traits": lower_first(format_traits(service))}
        ),
    }
    if word is MatchBenefit.NEAR and match.km is not None:
        return _("It is near: %(distance)s.") % {
            "distance": format_distance(match.km, service)
        }
    return sentences[word]()


def format_drawback(word: MatchDrawback, match: Match, service: Service) -> str:
    """Format a drawback, which does not exclude: for a person to weigh."""
    sentences: dict[MatchDrawback, Callable[[], str]] = {
        MatchDrawback.MEETS_SOME: lambda: _("It offers only part of what is needed."),
        MatchDrawback.FAR: lambda: (
            _("It is far: %(distance)s.")
            % {"distance": format_distance(match.km or 0, service)}
        ),
        MatchDrawback.INTERPRETER: lambda: " ".join(
            (_("An interpreter is needed."), format_spoken_languages(service))
        ),
        MatchDrawback.ANSWERS_LATE: lambda: _("It often answers later than promised."),
        MatchDrawback.WAIT: lambda: (
            _("The usual wait is %(days)s.")
            % {"days": format_days(service.wait_days or 0)}
        ),
        MatchDrawback.WAITING_LIST: lambda: _("There is a waiting list."),
        MatchDrawback.OWN_ASSESSMENT: lambda: _("It decides after its own assessment."),
        MatchDrawback.GO_YOURSELF: lambda: _(
            "The person can go there without a referral."
        ),
        MatchDrawback.ENDS_SOON: lambda: (
            _("Its funding ends on %(day)s.")
            % {"day": format_day(service.funded_until or timezone.localdate())}
        ),
        MatchDrawback.NOT_VERIFIED: lambda: _("Not verified recently."),
    }
    return sentences[word]()
