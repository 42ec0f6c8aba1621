"""The figures of a brief go out through a release, and so does the brief (ADR 33).

What it cites is out already; or it is proposed when the review is requested, and
signed by the person who publishes. There is no other way out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.briefs.cited_figures import Citation
from amana.insight.briefs.models import BriefKind
from amana.insight.briefs.texts import BriefText, format_day
from amana.insight.release import actions as releases
from amana.insight.release.contents import ReleaseTable, differ
from amana.insight.release.models import Release
from amana.insight.release.rules import PROPOSERS
from amana.trust.access.models import User
from amana.trust.access.rules import has_role
from amana.ui.labels import format_list


def list_unreleased(text: BriefText) -> list[Citation]:
    """List what the brief cites that is in no release, signed or waiting."""
    return [cite for cite in text.cites if not cite.release]


def list_going_out(text: BriefText) -> list[Citation]:
    """List what is signed with the brief."""
    waiting = text.waiting
    return [cite for cite in text.cites if waiting and cite.release == waiting.pk]


def list_cited_releases(text: BriefText) -> list[int]:
    """List the numbers of the releases that hold its figures, the oldest first."""
    waiting = text.waiting.pk if text.waiting else 0
    return sorted({cite.release for cite in text.cites} - {0, waiting})


def find_restatement(text: BriefText) -> Release | None:
    """Find the latest release in force that differs from what is shown here."""
    newer = [
        now
        for release, tables in _told(text)
        if (now := release.newest) != release
        and differ(replace(release.contents, chosen=tables), now.contents)
    ]
    return max(newer, key=lambda one: one.pk, default=None)


def _told(text: BriefText) -> Iterator[tuple[Release, Sequence[ReleaseTable]]]:
    """Iterate the cited releases, each with the cited tables; a report cites all."""
    brief, some = text.brief, list_cited_releases(text)
    whole = brief.release_id if brief.kind == BriefKind.REPORT else None
    ids = [*some, *([whole] if whole else [])]
    for release in Release.objects.published().filter(pk__in=ids):
        if release.pk == whole:
            yield release, release.contents.chosen
        else:
            yield (
                release,
                [cite.table for cite in text.cites if cite.release == release.pk],
            )


def format_titles(some: Iterable[Citation]) -> str:
    return format_list(dict.fromkeys(cite.title for cite in some))


def needs_new_proposal(text: BriefText) -> bool:
    """Ask whether what waits is not exactly what goes out with the brief: something was
    added or removed, or was published by another release meanwhile."""
    waits = {*text.waiting.contents.chosen} if text.waiting else set()
    with_it = {cite.table for cite in list_going_out(text)}
    return bool(list_unreleased(text)) or waits != with_it


def propose_figures(text: BriefText, by: User) -> Release | None:
    """Propose what is in no release yet: the first signature. What waited is archived.
    Raises `Refused` for those who may not propose."""
    if not needs_new_proposal(text):
        return text.waiting
    missing = [*list_unreleased(text), *list_going_out(text)]
    if missing and not has_role(by, PROPOSERS):
        raise Refused(
            _(
                "These figures are in no release yet: %(figures)s. Ask an analyst to "
                "request the review, which proposes them for release."
            )
            % {"figures": format_titles(missing)}
        )
    if text.waiting:
        releases.archive_release(text.waiting, by=by)
    tables = [cite.table for cite in missing]
    return releases.propose(text.brief.year, tables, by=by) if tables else None


def sign_figures(text: BriefText, by: User) -> None:
    """Sign what goes out with the brief: the second signature. Raises `Refused` when a
    figure is in no release, or `by` proposed it."""
    if missing := list_unreleased(text):
        raise Refused(
            _(
                "These figures are in no release yet: %(figures)s. An analyst has to "
                "request the review, which proposes them for release. Another person "
                "then publishes."
            )
            % {"figures": format_titles(missing)}
        )
    if days := {cite.until for cite in text.cites if cite.until}:
        # A brief names one period for all its figures.
        _of_one_time(days)
    if text.brief.kind == BriefKind.REPORT or text.waiting is None:
        return
    if not list_going_out(text):
        releases.archive_release(text.waiting, by=by)
    elif text.waiting.proposed_by_id == by.pk:
        raise Refused(
            _(
                "You proposed its figures. Another person has to sign them and publish "
                "the brief."
            )
        )
    else:
        releases.sign(text.waiting, by=by)


def _of_one_time(days: set[date]) -> None:
    if len(days) > 1:
        said = format_list(format_day(day.isoformat()) for day in sorted(days))
        raise Refused(
            _(
                "Its figures are counted up to different days: %(days)s. Restate the "
                "older release first."
            )
            % {"days": said}
        )


def archive_waiting(text: BriefText, by: User) -> None:
    """Archive with a draft the release that waited with it."""
    if text.brief.kind == BriefKind.BRIEF and text.waiting:
        releases.archive_release(text.waiting, by=by)
