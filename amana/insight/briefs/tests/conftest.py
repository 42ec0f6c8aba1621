"""Who writes briefs and who lets them out, and a brief with its figures."""

from amana import given
from amana.insight.briefs import actions, printing
from amana.insight.briefs.brief_checks import OPEN
from amana.insight.briefs.models import Brief
from amana.insight.briefs.starting import BriefSubject
from amana.insight.briefs.tests.facts import MANY, tell, year
from amana.insight.briefs.texts import load_text
from amana.insight.costing.tests.conftest import beds, costing, ministry, version
from amana.insight.gaps.tests.conftest import regions
from amana.insight.release import actions as releases
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release
from amana.trust.access.models import Role, User
from tests.worlds import kept

WHO = "The Council of Ministers decides, on a proposal of the Ministry of Health."


@kept
def analyst(db: None) -> User:
    return given.make_worker(role=Role.ANALYST)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def stranger(db: None) -> User:
    return given.make_worker()


@kept
def counted(db: None) -> None:
    """A year whose figures were drawn up."""
    tell(MANY)


@kept
def draft(analyst: User, counted: None) -> Brief:
    return actions.begin_brief(BriefSubject("I26"), year=year(), by=analyst)


@kept
def ready(draft: Brief, analyst: User) -> Brief:
    """All that only people know is written, in English; elsewhere it is still open."""
    for section in draft.sections:
        finish(draft, section.code, "en", analyst)
    return draft


def finish(brief: Brief, section: str, language: str, by: User, **said: str) -> None:
    """Write what is open in a section, and what is given."""
    text = load_text(brief)
    found = brief.section(section)
    assert found is not None
    whole = {
        part.code: text.raw(part.code, language).replace(OPEN, WHO)
        for part in found.parts
    }
    if "by_when" in whole:
        whole["by_when"] = f"{year() + 3}-03-31"
    was = text.newest(found, language)
    actions.write_section(brief, section, language, whole | said, was=was, by=by)


def let_out(
    brief: Brief, languages: list[str], *, looked: bool = False, by: User
) -> None:
    """Publish what is written now."""
    text = load_text(brief)
    long = printing.is_too_long(text, languages, by=by.pk)
    actions.publish(
        brief, languages, seen=text.latest, too_long=long, looked=looked, by=by
    )


@kept
def asked(ready: Brief, analyst: User) -> Brief:
    """Its figures are proposed: they wait for whoever publishes it."""
    actions.request_review(ready, by=analyst)
    return ready


@kept
def published(asked: Brief, coordinator: User) -> Brief:
    let_out(asked, ["en"], by=coordinator)
    return asked


@kept
def release(counted: None, coordinator: User, analyst: User) -> Release:
    """Two tables, signed by two people."""
    chosen = [ReleaseTable("I26", "all"), ReleaseTable("I26", "all", ("sex",))]
    found = releases.propose(year(), chosen, by=analyst)
    releases.sign(found, by=coordinator)
    return found


@kept
def report(release: Release, analyst: User) -> Brief:
    """Of that release, written in English."""
    begun = actions.begin_report(release, by=analyst)
    for section in begun.sections:
        finish(begun, section.code, "en", analyst)
    return begun
