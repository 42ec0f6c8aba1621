"""A screening that a device sent: read by the version of the form that was filled in,
and kept as if it had been finished on the page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.care.cases.rules import work_on_case
from amana.care.meetings.models import Meeting
from amana.care.meetings.sheet import MOST_FIELDS, parse_millis
from amana.care.screening import actions
from amana.care.screening.keeping import parse_case_id
from amana.care.screening.models import Screening
from amana.design.forms import pages
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import read_version
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault.drafts import UnreadableDraft


class NotYetReadable(Refused):
    """A colleague can open it, or it can be opened later: it still waits."""


def is_screening(content: Mapping[str, object]) -> bool:
    return "screening" in content


def find_made(meeting: Meeting) -> Screening | None:
    """Find what was made of what was sent under this id, whichever way it came
    first."""
    made = Screening.objects.filter(instance=meeting.pk, screened_by=meeting.met_by_id)
    return made.select_related("case").first()


def record_screening(
    meeting: Meeting, content: Mapping[str, object], *, asked_at: datetime, by: User
) -> Screening:
    """Keep it, unless the page itself has sent it already."""
    made = find_made(meeting)
    if made is not None:
        return made
    version, instrument = _version(content, by=by), str(content["screening"])
    asked: dict[str, Any] = {
        "instrument": instrument,
        "version": version,
        "answers": _answers(content, version, instrument),
        "instance": meeting.pk,
        "asked_at": asked_at,
        "asked_by": meeting.met_by,
        "by": by,
    }
    if not content.get("case"):
        return actions.screen_person(meeting.team, **asked)
    return actions.screen_case(_case(meeting, content, by=by), **asked)


def was_asked_meanwhile(made: Screening, *, since: datetime | None) -> bool:
    """Check whether a colleague asked it in the same case since this was begun."""
    if made.case_id is None or since is None:
        return False
    asked = Screening.objects.filter(case=made.case_id, instrument=made.instrument)
    others = asked.exclude(screened_by=made.screened_by_id)
    return others.filter(screened_at__gte=since).exists()


def get_begin_time(content: Mapping[str, object]) -> float | None:
    return parse_millis(_times(content).get("begun"))


def get_asked_time(content: Mapping[str, object]) -> float | None:
    return parse_millis(_times(content).get("asked"))


def _times(content: Mapping[str, object]) -> Mapping[str, object]:
    times = content.get("times")
    return times if isinstance(times, dict) else {}


def _version(content: Mapping[str, object], *, by: User) -> Version:
    """Find the version with which the questions were drawn, though another may be in
    force now."""
    pk = content.get("version")
    rows = read_version.among(Version.objects.select_related("mechanism"), by)
    version = rows.filter(pk=pk).first() if isinstance(pk, int) else None
    if version is None or str(content["screening"]) not in version.pack.instruments:
        raise UnreadableDraft(
            _("These questions are not known here. It stays on the device.")
        )
    return version


def _answers(
    content: Mapping[str, object], version: Version, instrument: str
) -> dict[str, Any]:
    fields = content.get("fields")
    if not isinstance(fields, list) or len(fields) > MOST_FIELDS:
        raise UnreadableDraft(_("This is not a screening. It stays on the device."))
    posted = QueryDict(mutable=True)
    for pair in fields:
        if isinstance(pair, list) and len(pair) == 2:
            posted.appendlist(str(pair[0]), str(pair[1]))
    form = version.pack.forms[version.pack.instruments[instrument].form]
    return dict(pages.fill_from_post(posted, form).answers)


def _case(meeting: Meeting, content: Mapping[str, object], *, by: User) -> Case:
    """Find the case, on which who asked still works; who opens it has to work on it
    too."""
    rows = Case.objects.select_related("team__organisation")
    theirs = work_on_case.among(rows.filter(team=meeting.team_id), meeting.met_by)
    pk = parse_case_id(content["case"])
    found = theirs.filter(pk=pk).first() if pk else None
    if found is None and by == meeting.met_by:
        raise Refused(
            _(
                "You no longer work on the case that this belongs to. It stays on the "
                "device: ask your supervisor."
            )
        )
    if found is None:
        raise Refused(
            _("The person who asked this no longer works on the case it belongs to.")
        )
    if not work_on_case.permits(by, found):
        raise NotYetReadable(_("This belongs to a case that you don’t work on."))
    if not found.still_open():
        raise NotYetReadable(_("This case is closed. Reopen it first."))
    return found
