"""Whether what is recorded of the sources can be true."""

from datetime import date, datetime, timedelta, timezone

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.references.course_faults import OPENED_LATER, Found

FIRST_TO_BEGIN = timezone(timedelta(hours=14))
"""Where a day begins first on earth: an author may be there."""


def check_opened(gathered: CourseSources) -> Found:
    """Check that no source was opened on a day that has not begun anywhere. It is no
    fault: a server whose clock is behind could else publish no course."""
    source = gathered.sources.get("sources.yaml")
    today = datetime.now(FIRST_TO_BEGIN).date()
    for name, said in gathered.plain("sources.yaml").items():
        opened = said.get("opened")
        if source and opened and date.fromisoformat(opened) > today:
            yield source.fault((name, "opened"), OPENED_LATER, name=name, day=opened)
