"""What codes mean: conditions, languages, ages."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.design.directory.codes import format_country, format_language
from amana.design.directory.matching import MatchRule
from amana.design.directory.matching.person import OLDEST
from amana.design.directory.models import Service
from amana.design.directory.taxonomy.person_codes import (
    Accessibility,
    Exploitation,
    LegalStatus,
    Modality,
    PersonGroup,
    PlaceTrait,
    RequiredDocument,
    Sex,
)

type Vocabulary = type[models.TextChoices]


type Sentence = Callable[[Service], str]


def format_list(words: Iterable[object]) -> str:
    """Format a list as people write it: "a, b, c"."""
    return _(", ").join(str(word) for word in words)


def format_labels(words: Vocabulary, codes: Iterable[str]) -> str:
    return format_list(words(code).label for code in codes)


def list_labels(service: Service) -> dict[str, list[str]]:
    """List the names of what a service has ticked, as its page lists them."""
    words: dict[str, Vocabulary] = {
        "modalities": Modality,
        "accessibility": Accessibility,
        "traits": PlaceTrait,
    }
    return {
        column: [str(known(code).label) for code in getattr(service, column) or ()]
        for column, known in words.items()
    }


def lower_first(text: str) -> str:
    """Lower the first letter for the inside of a sentence; abbreviations keep their
    capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def format_languages(codes: Iterable[str]) -> str:
    return format_list(sorted(map(format_language, codes)))


def format_countries(codes: Iterable[str]) -> str:
    return format_list(sorted(map(format_country, codes)))


def format_ages(service: Service) -> str:
    youngest, oldest = service.age_min, service.age_max
    if oldest >= OLDEST:
        return _("Only for people aged %(age)s and over.") % {"age": youngest}
    if youngest == 0:
        return _("Only for people aged %(age)s and under.") % {"age": oldest}
    return _("Only for people aged %(from)s to %(to)s.") % {
        "from": youngest,
        "to": oldest,
    }


def format_nationalities(service: Service) -> str:
    if service.nationalities:
        return _("Only for people from: %(countries)s.") % {
            "countries": format_countries(service.nationalities)
        }
    return _("Not for people from: %(countries)s.") % {
        "countries": format_countries(service.not_nationalities)
    }


def format_children(service: Service) -> str:
    most = service.children_max
    if not most:
        return _("The person can’t bring children.")
    return ngettext(
        "The person can bring at most one child.",
        "The person can bring at most %(count)s children.",
        most,
    ) % {"count": most}


def format_coverage(service: Service) -> str:
    if service.coverage_note:
        return _("Only for people who live in: %(area)s") % {
            "area": service.coverage_note
        }
    return _("Only for people who live in certain areas.")


def format_access(service: Service) -> str:
    if service.accessibility is None:
        return _("No information on accessibility.")
    if not service.accessibility:
        return _("It is not accessible to people with disabilities.")
    offered = lower_first(format_labels(Accessibility, service.accessibility))
    return _("It offers: %(offered)s.") % {"offered": offered}


def format_spoken_languages(service: Service) -> str:
    if not service.languages:
        return _("No information on languages spoken.")
    return _("Languages spoken: %(languages)s.") % {
        "languages": format_languages(service.languages)
    }


def format_traits(service: Service) -> str:
    return format_labels(PlaceTrait, service.traits) + "."


def format_day(on: date) -> str:
    return date_format(on, _("j F Y"))


def format_funding(service: Service) -> str:
    if service.funded_until is None:
        return _("Its funding has ended.")
    return _("Its funding ended on %(day)s.") % {
        "day": format_day(service.funded_until)
    }


def format_outdated(service: Service) -> str:
    return _("Its details were last confirmed on %(day)s. Call before you refer.") % {
        "day": format_day(timezone.localdate(service.confirmed_at))
    }


def build_only_for(words: Vocabulary, column: str) -> Sentence:
    def sentence(service: Service) -> str:
        named = lower_first(format_labels(words, getattr(service, column)))
        return _("Only for: %(people)s.") % {"people": named}

    return sentence


CONDITIONS: dict[MatchRule, Sentence] = {
    MatchRule.SEX: build_only_for(Sex, "sexes"),
    MatchRule.AGE: format_ages,
    MatchRule.NATIONALITY: format_nationalities,
    MatchRule.STATUS: build_only_for(LegalStatus, "statuses"),
    MatchRule.EXPLOITATION: lambda s: (
        _("Only for people who experienced: %(what)s.")
        % {"what": lower_first(format_labels(Exploitation, s.exploitation))}
    ),
    MatchRule.GROUP: build_only_for(PersonGroup, "groups"),
    MatchRule.NOT_FOR: lambda s: (
        _("Not for: %(people)s.")
        % {"people": lower_first(format_labels(PersonGroup, s.not_groups))}
    ),
    MatchRule.CHILDREN: format_children,
    MatchRule.DOCUMENTS: lambda s: (
        _("Documents required: %(documents)s.")
        % {"documents": lower_first(format_labels(RequiredDocument, s.documents))}
    ),
    MatchRule.POLICE: lambda s: _("Requires cooperation with the police."),
    MatchRule.IDENTIFIED: lambda s: _("Requires formal identification as a victim."),
    MatchRule.COST: lambda s: _("There is a charge."),
    MatchRule.OUT_OF_AREA: format_coverage,
}
"""The conditions of a service, in the order of its page."""
