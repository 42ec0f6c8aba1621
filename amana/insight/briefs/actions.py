"""What can be done with a brief: begin, write, request a review, publish, follow up."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.errors import Changed, Refused
from amana.insight.briefs import cited_figures, drafting, releasing, reporting
from amana.insight.briefs.findings import list_findings
from amana.insight.briefs.models import Brief, BriefKind, BriefState, Passage
from amana.insight.briefs.rules import (
    WRITERS,
    follow_brief,
    publish_brief,
    write_brief,
)
from amana.insight.briefs.starting import BriefSubject, DraftWriter
from amana.insight.briefs.texts import LANGUAGES, BriefText, load_text
from amana.insight.release.models import Release
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log


@transaction.atomic
def begin_brief(beginning: BriefSubject, *, year: int, by: User) -> Brief:
    """Begin a draft in every language, with what follows from the figures and the
    gap."""
    if not has_role(by, WRITERS):
        raise Denied(write_brief, Brief())
    brief = Brief.objects.create(
        about=beginning.code,
        gap=beginning.gap,
        scenario=beginning.scenario,
        year=year,
        begun_by=by,
    )
    offered = cited_figures.map_offered(year, beginning.gap)
    begins = DraftWriter(beginning, offered)
    for language in LANGUAGES:
        with override(language):
            start = begins.start()
            said = drafting.draft_sections(start)
        _add(brief, said, language, by)
    _add(brief, drafting.draft_untranslated(start), "", by)
    log.record("began brief", brief, by=by, about=beginning.code)
    return brief


@transaction.atomic
def begin_report(release: Release, *, by: User) -> Brief:
    """Begin a draft of the report of a year, from a release that two people signed.
    Raises `Refused` when it isn't signed, or the next edition has been started."""
    if not has_role(by, WRITERS):
        raise Denied(write_brief, Brief())
    if not release.is_published:
        raise Refused(_("Two people have to sign the release first."))
    before = Brief.objects.reports().in_force().filter(year=release.year).first()
    if before and Brief.objects.drafts().filter(replaces=before).exists():
        raise Refused(_("The next edition has already been started."))
    report = Brief.objects.create(
        kind=BriefKind.REPORT,
        release=release,
        year=release.year,
        replaces=before,
        begun_by=by,
    )
    for language in LANGUAGES:
        with override(language):
            _add(report, reporting.draft_report(release, language), language, by)
    log.record("began report", report, by=by, release=release.pk)
    return report


@transaction.atomic
def write_section(
    brief: Brief,
    section: str,
    language: str,
    said: Mapping[str, str],
    *,
    was: int,
    by: User,
) -> None:
    """Write a section; its earlier passages are kept. `was` is the newest of its
    passages that the writer saw. Raises `Changed` when there is a newer one."""
    write_brief.require(by, brief)
    _hold(brief)
    latest = brief.passages.all().newest()
    found = brief.section(section)
    parts = found.parts if found else ()
    now = {
        part.code: latest.get((part.code, language if part.is_spoken else ""))
        for part in parts
    }
    if max((passage.pk for passage in now.values() if passage), default=0) != was:
        raise Changed(_("Someone else has changed this in the meantime."))
    for part in parts:
        before = now[part.code]
        if part.code in said and said[part.code] != (before.words if before else ""):
            spoken = language if part.is_spoken else ""
            _add(brief, {part.code: said[part.code]}, spoken, by)
    brief.writers.add(by)
    log.record("wrote brief", brief, by=by, section=section, language=language)


@transaction.atomic
def request_review(brief: Brief, *, by: User) -> None:
    """Request the review by those who publish. Its figures that are in no release yet
    are proposed: that is the first of the two signatures (ADR 33)."""
    write_brief.require(by, brief)
    _hold(brief)
    brief.release = releasing.propose_figures(load_text(brief), by)
    brief.asked_at = timezone.now()
    brief.save(update_fields=["asked_at", "release"])
    log.record("asked for a look at brief", brief, by=by)


@transaction.atomic
def publish(
    brief: Brief,
    languages: Iterable[str],
    *,
    seen: int,
    too_long: bool,
    looked: bool = False,
    by: User,
) -> None:
    """Publish the brief as it is, for good, with the second signature under its
    figures.

    Where a word may identify a person, only someone who wrote none of it can publish,
    and confirms having checked. `seen` is the newest passage that they saw; `too_long`
    was found for the same words before. Raises `Changed` when there is a newer passage,
    `Refused` for each thing that prevents publication."""
    publish_brief.require(by, brief)
    chosen = [language for language in LANGUAGES if language in set(languages)]
    if not chosen:
        raise Refused(_("Choose at least one language to publish in."))
    _hold(brief)
    text = load_text(brief)
    if text.latest != seen:
        raise Changed(_("Someone else has changed this in the meantime."))
    found = [
        remark for remark in list_findings(text) if remark.language in ("", *chosen)
    ]
    # What is certain is refused before anything else: no second person can confirm it
    # away (ADR 28).
    for remark in found:
        if remark.finding.sure:
            raise Refused(remark.sentence)
    if any(not remark.finding.sure for remark in found):
        _second_look(brief, looked, by)
    # Measured before this transaction began: printing would hold up all other writers.
    if too_long:
        raise Refused(_("It is longer than two pages. Shorten it first."))
    releasing.sign_figures(text, by)
    _let_out(text, chosen, by)


def _second_look(brief: Brief, looked: bool, by: User) -> None:
    if brief.begun_by_id == by.pk or brief.writers.filter(pk=by.pk).exists():
        raise Refused(
            _(
                "A passage may identify a person, and you wrote part of this text. "
                "Ask a coordinator or the data-protection officer to check and "
                "publish it."
            )
        )
    if not looked:
        raise Refused(
            _(
                "Check the passages that may identify a person, and confirm "
                "that you did."
            )
        )


def _let_out(text: BriefText, languages: list[str], by: User) -> None:
    """Publish with the very figures that were reviewed."""
    brief = text.brief
    brief.move(
        BriefState.PUBLISHED,
        cited={cite.name: cite.release for cite in text.cites},
        languages=languages,
        published_by=by,
        published_at=timezone.now(),
    )
    log.record("published brief", brief, by=by, languages=languages)


@transaction.atomic
def discard_brief(brief: Brief, *, by: User) -> None:
    write_brief.require(by, brief)
    releasing.archive_waiting(load_text(brief), by)
    brief.move(BriefState.AWAY, replaces=None)
    brief.passages.all().delete()
    log.record("put away brief", brief, by=by)


@transaction.atomic
def begin_next_edition(brief: Brief, *, year: int, by: User) -> Brief:
    """Begin the next edition: the same words, the figures of that year as of today."""
    follow_brief.require(by, brief)
    if Brief.objects.filter(replaces=brief).exists():
        raise Refused(_("The next edition has already been started."))
    following = Brief.objects.create(
        about=brief.about,
        gap=brief.gap,
        scenario=brief.scenario,
        year=year,
        replaces=brief,
        begun_by=by,
    )
    for (part, language), passage in brief.passages.all().newest().items():
        _add(following, {part: passage.words}, language, by)
    log.record("began edition of brief", following, by=by, of=brief.pk)
    return following


def _add(brief: Brief, said: Mapping[str, str], language: str, by: User) -> None:
    Passage.objects.bulk_create(
        Passage(brief=brief, part=part, language=language, words=words, written_by=by)
        for part, words in said.items()
    )


def _hold(brief: Brief) -> None:
    """Lock the draft: until we are done it is neither written in by others nor
    published. Raises `Changed` when it is no draft any more."""
    # The update is the lock: it works on every database, and finds nothing once the
    # state has changed.
    if not Brief.objects.drafts().filter(pk=brief.pk).update(changed_at=timezone.now()):
        raise Changed(_("This brief was published or deleted in the meantime."))
