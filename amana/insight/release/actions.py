"""What can be done with a release: propose it, sign it, archive it, restate it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.mechanism.choosing import list_versions_in_force
from amana.errors import Refused
from amana.insight.measure import country, figure_years
from amana.insight.release.contents import (
    ReleaseContents,
    ReleaseTable,
    copy_pages,
    differ,
    has_table,
    list_changes,
)
from amana.insight.release.families import lock_budget, require_suppression_allowed
from amana.insight.release.models import Release, ReleaseState
from amana.insight.release.rules import (
    PROPOSERS,
    propose_release,
    put_away_release,
    sign_release,
)
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

MOST_TABLES = 60
"""Its page has to load on a slow phone."""


@transaction.atomic
def propose(
    year: int,
    chosen: Sequence[ReleaseTable],
    *,
    by: User,
    restates: Release | None = None,
    why: str = "",
) -> Release:
    """Copy these tables from the protected tables of a year, for a second person to
    sign. To propose is the first signature."""
    if not has_role(by, PROPOSERS):
        raise Denied(propose_release, Release())
    there = figure_years.load_year(year)
    if there is None:
        raise Refused(_("There are no figures for this year yet."))
    wanted = [
        fromkey for fromkey in dict.fromkeys(chosen) if has_table(there.sheets, fromkey)
    ]
    if not wanted:
        raise Refused(_("Choose figures that have a table."))
    if len(wanted) > MOST_TABLES:
        raise Refused(
            _("You chose %(n)s tables. A release holds up to %(most)s: choose fewer.")
            % {"n": len(wanted), "most": MOST_TABLES}
        )
    pages = copy_pages(there.sheets, wanted)
    now = ReleaseContents(wanted, pages, there.sheets.inhabitants, str(year))
    if restates is None:
        # Not for a restatement: it keeps the method of what it restates, and differs
        # from it on purpose (ADR 25).
        require_suppression_allowed(year, wanted)
        _not_out_otherwise(year, now)
    in_force = list_versions_in_force()
    release = Release.objects.create(
        year=year,
        until=there.until,
        smallest=there.smallest,
        inhabitants=there.sheets.inhabitants,
        mechanism="; ".join(f"{v.mechanism}, {v}" for v in in_force)[:200],
        chosen=[table.stored() for table in wanted],
        pages=pages,
        restates=restates,
        why=why,
        changes=list_changes(restates.contents, now) if restates else [],
        proposed_by=by,
    )
    log.record("proposed release", release, by=by, year=year, tables=len(wanted))
    return release


def _not_out_otherwise(year: int, now: ReleaseContents) -> None:
    """Refuse tables that are published with other numbers: each figure has one number,
    and what has changed is restated. Two releases may hold the same table while they
    agree."""
    for release in Release.objects.in_force().filter(year=year):
        if differ(release.contents, now):
            raise Refused(
                _(
                    "Release %(n)s of this year has some of these tables with other "
                    "numbers. Restate that release instead."
                )
                % {"n": release.pk}
            )


@transaction.atomic
def restate(release: Release, why: str, *, by: User) -> Release:
    """Propose the same tables as they are today. The published release stays, and shows
    that it is outdated. Raises `Refused` without a reason, or when it has been restated
    before."""
    propose_release.require(by, release)
    if not release.is_published:
        raise Refused(_("Only a published release can be restated."))
    if not why.strip():
        raise Refused(_("Explain why these figures have changed."))
    if (
        Release.objects.filter(restates=release)
        .exclude(state=ReleaseState.AWAY)
        .exists()
    ):
        raise Refused(
            _(
                "This release has already been restated, or its restatement "
                "has been proposed."
            )
        )
    # What is left here is archived. It is detached, because the relation is one to one.
    Release.objects.filter(restates=release).update(restates=None)
    chosen = [ReleaseTable.of(stored) for stored in release.chosen]
    return propose(release.year, chosen, by=by, restates=release, why=why.strip())


@transaction.atomic
def sign(release: Release, *, by: User) -> None:
    """Sign for the second time: the release is published, for good."""
    sign_release.require(by, release)
    if release.smallest < country.get_smallest_group():
        raise Refused(
            _(
                "Groups have to be larger now than when this was proposed. Propose it "
                "again."
            )
        )
    if release.restates is None:
        # Asked again, under a lock: since the proposal another release, or a table with
        # noise about the same people, may have been published.
        lock_budget(release.year)
        require_suppression_allowed(release.year, release.contents.chosen)
        _not_out_otherwise(release.year, release.contents)
    release.move(ReleaseState.PUBLISHED, signed_by=by, published_at=timezone.now())
    log.record("published release", release, by=by)


@transaction.atomic
def archive_release(release: Release, *, by: User) -> None:
    """Archive a proposal that will not be published."""
    put_away_release.require(by, release)
    release.move(ReleaseState.AWAY)
    log.record("put away release", release, by=by)
