"""Codes as sentences: conditions, reasons, questions."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amana.design.directory.codes import country_name, language_name
from amana.design.directory.hours import (
    covers_the_week,
    full_day_name,
    is_open,
    opens_next,
)
from amana.design.directory.matching import But, Reason, Whom, Why
from amana.design.directory.matching.answer import Answer, Match, Question
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import (
    Accessibility,
    Exploitation,
    LegalStatus,
    Modality,
    Paper,
    PersonGroup,
    Sex,
    Trait,
)

type Vocabulary = type[models.TextChoices]
type Sentence = Callable[[Service], str]


def joined(words: Iterable[object]) -> str:
    """Format a list as people write it: "a, b, c"."""
    return _(", ").join(str(word) for word in words)


def labels(words: Vocabulary, codes: Iterable[str]) -> str:
    return joined(words(code).label for code in codes)


def vocabulary(service: Service) -> dict[str, list[str]]:
    """List the names of what a service has ticked, as its page lists them."""
    words: dict[str, Vocabulary] = {
        "modalities": Modality,
        "accessibility": Accessibility,
        "traits": Trait,
    }
    return {
        column: [str(known(code).label) for code in getattr(service, column) or ()]
        for column, known in words.items()
    }


def lowered(text: str) -> str:
    """Lower the first letter for the inside of a sentence; abbreviations keep their
    capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def languages(codes: Iterable[str]) -> str:
    return joined(sorted(map(language_name, codes)))


def countries(codes: Iterable[str]) -> str:
    return joined(sorted(map(country_name, codes)))


def ages(service: Service) -> str:
    youngest, oldest = service.age_min, service.age_max
    if oldest >= OLDEST:
        return _("Only for people aged %(age)s and over.") % {"age": youngest}
    if youngest == 0:
        return _("Only for people aged %(age)s and under.") % {"age": oldest}
    return _("Only for people aged %(from)s to %(to)s.") % {
        "from": youngest,
        "to": oldest,
    }


def nationalities(service: Service) -> str:
    if service.nationalities:
        return _("Only for people from: %(countries)s.") % {
            "countries": countries(service.nationalities)
        }
    return _("Not for people from: %(countries)s.") % {
        "countries": countries(service.not_nationalities)
    }


def children(service: Service) -> str:
    most = service.children_max
    if not most:
        return _("The person can’t bring children.")
    return ngettext(
        "The person can bring at most one child.",
        "The person can bring at most %(count)s children.",
        most,
    ) % {"count": most}


def coverage(service: Service) -> str:
    return _("Only for people who live in certain areas.")


def access(service: Service) -> str:
    if service.accessibility is None:
        return _("No information on accessibility.")
    if not service.accessibility:
        return _("It is not accessible to people with disabilities.")
    offered = lowered(labels(Accessibility, service.accessibility))
    return _("It offers: %(offered)s.") % {"offered": offered}


def spoken(service: Service) -> str:
    if not service.languages:
        return _("No information on languages spoken.")
    return _("Languages spoken: %(languages)s.") % {
        "languages": languages(service.languages)
    }


def traits(service: Service) -> str:
    return labels(Trait, service.traits) + "."


def day_of(on: date) -> str:
    return date_format(on, _("j F Y"))


def funding(service: Service) -> str:
    if service.funded_until is None:
        return _("Its funding has ended.")
    return _("Its funding ended on %(day)s.") % {"day": day_of(service.funded_until)}


def only_for(words: Vocabulary, column: str) -> Sentence:
    def sentence(service: Service) -> str:
        named = lowered(labels(words, getattr(service, column)))
        return _("Only for: %(people)s.") % {"people": named}

    return sentence


CONDITIONS: dict[Reason, Sentence] = {
    Reason.SEX: only_for(Sex, "sexes"),
    Reason.AGE: ages,
    Reason.NATIONALITY: nationalities,
    Reason.STATUS: only_for(LegalStatus, "statuses"),
    Reason.EXPLOITATION: lambda s: (
        _("Only for people who experienced: %(what)s.")
        % {"what": lowered(labels(Exploitation, s.exploitation))}
    ),
    Reason.GROUP: only_for(PersonGroup, "groups"),
    Reason.NOT_FOR: lambda s: (
        _("Not for: %(people)s.")
        % {"people": lowered(labels(PersonGroup, s.not_groups))}
    ),
    Reason.CHILDREN: children,
    Reason.DOCUMENTS: lambda s: (
        _("Documents required: %(documents)s.")
        % {"documents": lowered(labels(Paper, s.documents))}
    ),
    Reason.POLICE: lambda s: _("Requires cooperation with the police."),
    Reason.IDENTIFIED: lambda s: _("Requires formal identification as a victim."),
    Reason.COST: lambda s: _("There is a charge."),
    Reason.OUT_OF_AREA: coverage,
}
"""The conditions of a service, in the order of its page."""


def counted_too_few(service: Service) -> str:
    if service.is_full:
        return _("Full: %(counted)s.") % {"counted": counted(service)}
    return _("Not enough places: %(counted)s.") % {"counted": counted(service)}


AGAINST: dict[Reason, Sentence] = CONDITIONS | {
    Reason.ACCESS: access,
    Reason.LANGUAGE: spoken,
    Reason.CLOSED: lambda s: _("It is closed and does not open in time."),
    Reason.FULL: counted_too_few,
    Reason.NO_REFERRALS: lambda s: _("It does not accept referrals."),
    Reason.PAUSED: lambda s: _("It is not taking new people at present."),
    Reason.FUNDING: funding,
    Reason.TOO_FAR: lambda s: _("It is too far away."),
    Reason.EXCLUDED_AREA: lambda s: _("It is in an area to avoid."),
    Reason.EXCLUDED_ORGANISATION: lambda s: _(
        "It belongs to an organisation to avoid."
    ),
    Reason.EXCLUDED_SERVICE: lambda s: _("It has already been asked."),
    Reason.WISH: lambda s: (
        _("The person does not want this: %(traits)s") % {"traits": lowered(traits(s))}
    ),
}

HAS: dict[Reason, Callable[[Service], bool]] = {
    Reason.SEX: lambda s: bool(s.sexes),
    Reason.AGE: lambda s: s.age_min > 0 or s.age_max < OLDEST,
    Reason.NATIONALITY: lambda s: bool(s.nationalities or s.not_nationalities),
    Reason.STATUS: lambda s: bool(s.statuses),
    Reason.EXPLOITATION: lambda s: bool(s.exploitation),
    Reason.GROUP: lambda s: bool(s.groups),
    Reason.NOT_FOR: lambda s: bool(s.not_groups),
    Reason.CHILDREN: lambda s: s.children_max < ANY_NUMBER,
    Reason.DOCUMENTS: lambda s: bool(s.documents),
    Reason.POLICE: lambda s: s.needs_police,
    Reason.IDENTIFIED: lambda s: s.needs_identified,
    Reason.COST: lambda s: s.costs,
    Reason.OUT_OF_AREA: lambda s: bool(s.coverage),
}


def conditions(service: Service) -> list[str]:
    """List every condition of the service; empty: it is for everyone."""
    return [
        sentence(service)
        for reason, sentence in CONDITIONS.items()
        if HAS[reason](service)
    ]


def against(reason: Reason, service: Service) -> str:
    """Format why this service is not for this person."""
    return AGAINST[reason](service)


SHORT: dict[Reason, object] = {
    Reason.SEX: gettext_lazy("Sex or gender"),
    Reason.AGE: gettext_lazy("Age"),
    Reason.NATIONALITY: gettext_lazy("Nationality"),
    Reason.STATUS: gettext_lazy("Legal status"),
    Reason.EXPLOITATION: gettext_lazy("Form of exploitation"),
    Reason.GROUP: gettext_lazy("Only for certain groups"),
    Reason.NOT_FOR: gettext_lazy("Not for certain groups"),
    Reason.CHILDREN: gettext_lazy("Number of children"),
    Reason.ACCESS: gettext_lazy("Accessibility"),
    Reason.DOCUMENTS: gettext_lazy("Documents required"),
    Reason.POLICE: gettext_lazy("Cooperation with the police required"),
    Reason.IDENTIFIED: gettext_lazy("Formal identification required"),
    Reason.COST: gettext_lazy("Cost"),
    Reason.LANGUAGE: gettext_lazy("Language"),
    Reason.CLOSED: gettext_lazy("Closed, opens too late"),
    Reason.FULL: gettext_lazy("No places free"),
    Reason.NO_REFERRALS: gettext_lazy("Does not accept referrals"),
    Reason.PAUSED: gettext_lazy("Not taking new people"),
    Reason.FUNDING: gettext_lazy("Funding ended"),
    Reason.OUT_OF_AREA: gettext_lazy("Only for other areas"),
    Reason.TOO_FAR: gettext_lazy("Distance"),
    Reason.EXCLUDED_AREA: gettext_lazy("Area to avoid"),
    Reason.EXCLUDED_ORGANISATION: gettext_lazy("Organisation to avoid"),
    Reason.EXCLUDED_SERVICE: gettext_lazy("Already asked"),
    Reason.WISH: gettext_lazy("Against the person’s wishes"),
}
"""The name of each rule, for the funnel."""


ASK_PERSON: dict[Reason, Sentence] = {
    Reason.SEX: lambda s: _("Is the person a woman, a man, or of another gender?"),
    Reason.AGE: lambda s: _("How old is the person? %(condition)s"),
    Reason.NATIONALITY: lambda s: _("Where is the person from? %(condition)s"),
    Reason.STATUS: lambda s: _("What is the person’s legal status? %(condition)s"),
    Reason.EXPLOITATION: lambda s: _("What has happened? %(condition)s"),
    Reason.GROUP: lambda s: _("Does this apply to the person? %(condition)s"),
    Reason.NOT_FOR: lambda s: _("Does any of this apply to the person? %(condition)s"),
    Reason.CHILDREN: lambda s: _(
        "How many children are with the person? %(condition)s"
    ),
    Reason.ACCESS: lambda s: _("Does the person have any access needs?"),
    Reason.DOCUMENTS: lambda s: _(
        "Does the person have these documents? %(condition)s"
    ),
    Reason.POLICE: lambda s: _("Is the person willing? %(condition)s"),
    Reason.IDENTIFIED: lambda s: _(
        "Has the person been formally identified? %(condition)s"
    ),
    Reason.COST: lambda s: _("Can the person pay? %(condition)s"),
    Reason.OUT_OF_AREA: lambda s: _("Where does the person live? %(condition)s"),
}
ASK_SERVICE: dict[Reason, Sentence] = {
    Reason.ACCESS: lambda s: _("Ask the service how accessible it is."),
    Reason.LANGUAGE: lambda s: _("Ask the service which languages are spoken."),
    Reason.CLOSED: lambda s: _("Ask the service when it is open."),
    Reason.FULL: lambda s: _("Call to check for a free place."),
    Reason.TOO_FAR: lambda s: _("Ask the service where it is."),
    Reason.EXCLUDED_AREA: lambda s: _(
        "Ask the service where it is: it may be in an area to avoid."
    ),
}


def to_ask(question: Question, service: Service) -> str:
    """Format the question that has to be answered before this service is certain."""
    if question.whom is Whom.SERVICE:
        return ASK_SERVICE[question.reason](service)
    sentence = ASK_PERSON[question.reason](service)
    if "%(condition)s" not in sentence:
        return sentence
    # With the condition in it: a worker can only ask what depends on the answer if they
    # see what that is.
    return sentence % {"condition": CONDITIONS[question.reason](service)}


def distance(km: float, service: Service) -> str:
    """Format a distance; where only the area is known, from the middle of that."""
    rounded = {"km": f"{km:.0f}"}
    # “About”, so that the middle of an area is not taken for the address of a safe
    # house.
    if service.lat is not None:
        return _("%(km)s km") % rounded if km >= 1 else _("less than 1 km")
    return _("about %(km)s km") % rounded if km >= 1 else _("in the same area")


def opening(service: Service, now: datetime) -> str:
    """Format whether it is open now, and else when it opens next."""
    if service.hours is None:
        return _("Opening hours not known")
    if covers_the_week(sorted((start, end) for start, end in service.hours)):
        return _("Open day and night")
    zone = service.zone or settings.TIME_ZONE
    if is_open(service.hours, zone, now):
        return _("Open now")
    at = opens_next(service.hours, zone, now)
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
        "day": full_day_name(here.weekday()),
        "time": time,
    }


def counted(service: Service) -> str:
    """Format the count: "0 of 10 beds free, counted on 29 Sep 2026"."""
    if service.places_said_at is None:
        return _("Availability has never been recorded")
    return _("%(places)s, %(counted)s") % {
        "places": free_places(service),
        "counted": counted_when(service),
    }


def counted_when(service: Service) -> str:
    """Format when places were counted; empty where they never were, of a safe house the
    day and no more."""
    if service.places_said_at is None:
        return ""
    here, today = timezone.localtime(service.places_said_at), timezone.localdate()
    # The time of a count can be the time at which someone arrived.
    if service.hidden:
        return counted_on(here.date(), today)
    time = date_format(here, "H:i")
    if here.date() == today:
        return _("counted today at %(time)s") % {"time": time}
    if here.date() == today - timedelta(days=1):
        return _("counted yesterday at %(time)s") % {"time": time}
    return _("counted on %(day)s") % {"day": date_format(here, _("j M Y"))}


def counted_on(day: date, today: date) -> str:
    if day == today:
        return _("counted today")
    if day == today - timedelta(days=1):
        return _("counted yesterday")
    return _("counted on %(day)s") % {"day": date_format(day, _("j M Y"))}


def how_many_fit(answer: Answer) -> str:
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


def whom(service: Service) -> str:
    """Describe in a few words for whom it is: "Women and girls, from 18"."""
    words = [str(Sex(code).label) for code in service.sexes]
    if service.age_min and service.age_max < OLDEST:
        years = {"from": service.age_min, "to": service.age_max}
        words.append(_("aged %(from)s to %(to)s") % years)
    elif service.age_min:
        words.append(_("aged %(age)s and over") % {"age": service.age_min})
    elif service.age_max < OLDEST:
        words.append(_("aged %(age)s and under") % {"age": service.age_max})
    return joined(words)


def free_places(service: Service) -> str:
    """Format the free places: "3 of 12 beds free"."""
    return _("%(free)s of %(total)s %(unit)s free") % {
        "free": service.places_free,
        "total": service.places_total,
        "unit": service.get_unit_display(),
    }


def within(time: timedelta | None) -> str:
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


def days(count: int) -> str:
    return ngettext("one day", "%(count)s days", count) % {"count": count}


def in_favour(word: Why, match: Match, service: Service) -> str:
    sentences: dict[Why, Callable[[], str]] = {
        Why.MEETS_ALL: lambda: _("It offers what is needed."),
        Why.NEAR: lambda: _("It is near."),
        Why.COMES_TO_YOU: lambda: _("It visits people or helps remotely."),
        Why.SPEAKS: lambda: spoken(service),
        Why.FREE_PLACES: lambda: free_places(service) + ".",
        Why.NO_PLACES_COUNTED: lambda: _("It does not count places."),
        Why.ANSWERS_IN_TIME: lambda: _("It usually answers in time."),
        Why.NO_WAIT: lambda: _("There is no wait."),
        Why.AS_WISHED: lambda: (
            _("What it is like: %(traits)s") % {"traits": lowered(traits(service))}
        ),
    }
    if word is Why.NEAR and match.km is not None:
        return _("It is near: %(distance)s.") % {
            "distance": distance(match.km, service)
        }
    return sentences[word]()


def cost_of(word: But, match: Match, service: Service) -> str:
    """Format a drawback, which does not exclude: for a person to weigh."""
    sentences: dict[But, Callable[[], str]] = {
        But.MEETS_SOME: lambda: _("It offers only part of what is needed."),
        But.FAR: lambda: (
            _("It is far: %(distance)s.")
            % {"distance": distance(match.km or 0, service)}
        ),
        But.INTERPRETER: lambda: " ".join(
            (_("An interpreter is needed."), spoken(service))
        ),
        But.ANSWERS_LATE: lambda: _("It often answers later than promised."),
        But.WAIT: lambda: (
            _("The usual wait is %(days)s.") % {"days": days(service.wait_days or 0)}
        ),
        But.WAITING_LIST: lambda: _("There is a waiting list."),
        But.OWN_ASSESSMENT: lambda: _("It decides after its own assessment."),
        But.GO_YOURSELF: lambda: _("The person can go there without a referral."),
        But.ENDS_SOON: lambda: (
            _("Its funding ends on %(day)s.")
            % {"day": day_of(service.funded_until or timezone.localdate())}
        ),
        But.NOT_VERIFIED: lambda: _("Not verified recently."),
    }
    return sentences[word]()
