"""Of one kind of observation in one year, what is published either suppresses small
groups or has noise.

Never both: noise protects whatever else is known of the same people, except for figures
without noise; and what was suppressed in these could be guessed from noised ones. So
the method for a year's screenings, for example, is chosen once, by the first that is
published (ADR 25).
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.facts.kinds import KINDS
from amana.insight.release.contents import ReleaseTable, iterate_sources
from amana.insight.release.models import Budget, NoisedTable, Release, SyntheticTree


def list_kinds(chosen: Iterable[ReleaseTable]) -> set[str]:
    """List the kinds of observation that these tables count."""
    return {kind for table in chosen for kind, _name in iterate_sources(table)}


def lock_budget(year: int) -> None:
    """Lock the year's privacy budget until the transaction ends."""
    # Two who publish at once, one with noise and one without, would each find nothing
    # of the other. A year without a budget has nothing with noise, and nothing to lock.
    Budget.objects.select_for_update().filter(year=year).first()


def require_suppression_allowed(year: int, chosen: Iterable[ReleaseTable]) -> None:
    """Require that tables which suppress small groups may be published. Raises
    `Refused` where something with noise exists of the same people."""
    told = list_kinds(chosen)
    noised = NoisedTable.objects.published().filter(year=year, kind__in=told)
    learnt = SyntheticTree.objects.filter(year=year, kind__in=told)
    if one := noised.first() or learnt.first():
        raise Refused(
            _(
                "Tables or rows with noise have already been made of this (%(what)s, "
                "%(year)s). Figures without noise, about the same people, would "
                "reveal what the noise hides."
            )
            % {"what": KINDS[one.kind].title, "year": year}
        )


def require_noise_allowed(year: int, kind: str) -> None:
    """Require that a table with noise may be published. Raises `Refused` where a
    release has figures of the same people without noise."""
    for release in Release.objects.published().filter(year=year).defer("pages"):
        if kind in list_kinds(map(ReleaseTable.of, release.chosen)):
            raise Refused(
                _(
                    "Release %(n)s already has figures without noise (%(what)s, "
                    "%(year)s). Noise would no longer hide anything."
                )
                % {"what": KINDS[kind].title, "year": year, "n": release.pk}
            )
