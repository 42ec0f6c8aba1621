"""Kinds about the mechanism, and all of them by code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models.case_record import ClosureReason
from amana.care.referrals.states import DeclineReason
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.insight.facts import codes
from amana.insight.facts.kinds.kind_of_observation import (
    CLOSED_OPEN,
    FRESH_STALE,
    IN_TIME,
    MONTHS,
    TYPES,
    ObservationKind,
)
from amana.insight.facts.kinds.kinds_of_people import OF_PEOPLE

OF_THE_MECHANISM = (
    ObservationKind(
        "complaint",
        _("A complaint"),
        _("When a complaint is closed, against a time limit of 30 days."),
        IN_TIME,
        of_person=False,
    ),
    ObservationKind(
        "caseload",
        _("Open cases per worker"),
        _("At the end of each month, once for each worker and without a name."),
        numbered=True,
        of_person=False,
        most_of_a_person=MONTHS,
    ),
    ObservationKind(
        "directory",
        _("A service in the directory"),
        _("At the end of each month: whether it was checked in the last 90 days."),
        FRESH_STALE,
        topics=TYPES,
        of_person=False,
    ),
    ObservationKind(
        "capacity",
        _("Places free at a service"),
        _("At the end of each month: whether they were updated in the last 7 days."),
        FRESH_STALE,
        topics=TYPES,
        of_person=False,
    ),
    ObservationKind(
        "places",
        _("Places of a service"),
        _("At the end of each month: how many people a service can take."),
        topics=TYPES,
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "supervised",
        _("Workers per supervisor"),
        _("At the end of each month, once for each supervisor and without a name."),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "sector_ready",
        _("A sector that has signed and is trained"),
        _(
            "At the end of each month, once for each sector of the mechanism in "
            "force: whether all its organisations that were asked to have signed it, "
            "and whether four in five of its staff hold the certificates that their "
            "roles require."
        ),
        ("signed_trained", "not_signed_trained"),
        of_person=False,
    ),
    ObservationKind(
        "certified",
        _("A worker’s certificate"),
        _(
            "At the end of each month, once for each worker whose role requires one, "
            "and without a name; with the sector only where eleven or more workers "
            "in it need one."
        ),
        ("in_force", "not_in_force"),
        of_person=False,
        most_of_a_person=MONTHS,
    ),
    ObservationKind(
        "exercise",
        _("A simulation exercise"),
        _(
            "When a coordinator records an exercise, counted in the month in which "
            "it was held. At the end of each month a zero is added if a mechanism is "
            "in force."
        ),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "action",
        _("A step agreed after an exercise"),
        _(
            "When it is agreed, and again when it is done, in the month of its "
            "exercise. The later entry replaces the earlier one."
        ),
        CLOSED_OPEN,
        of_person=False,
    ),
    ObservationKind(
        "breach",
        _("A data breach, or access without need"),
        _(
            "When the data-protection officer records a data breach, in the month in "
            "which it was found; removed again if there was none. At the end of each "
            "month a zero is added if there is such an officer."
        ),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "money",
        _("Money"),
        _("When a line of the funding ledger is entered, in thousands."),
        topics=tuple(codes.MoneyKind.values),
        numbered=True,
        of_person=False,
    ),
    ObservationKind(
        "advice",
        _("Advice from the survivors’ council"),
        _("When advice is answered, or its answer is overdue."),
        ("adopted", "reasoned", "open"),
        of_person=False,
    ),
    ObservationKind(
        "recommendation",
        _("Monitors’ recommendations"),
        _("When a recommendation is entered, and when it changes."),
        ("implemented", "partly", "open"),
        of_person=False,
    ),
)


KINDS: Mapping[str, ObservationKind] = {
    kind.code: kind for kind in OF_PEOPLE + OF_THE_MECHANISM
}


REASONS: Mapping[str, str | Promise] = {
    value: label
    for words in (DeclineReason, ClosureReason, codes.OutcomeMoment)
    for value, label in words.choices
}


TOPICS: Mapping[str, str | Promise] = {
    value: label
    for words in (
        ServiceType,
        codes.Decision,
        codes.ReintegrationArea,
        codes.Outcome,
        codes.SurveyQuestion,
        codes.Partner,
        codes.MoneyKind,
    )
    for value, label in words.choices
}
