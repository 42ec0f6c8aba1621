"""What can be done with a course that is being written."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from amana.academy.authoring import question_files
from amana.academy.authoring.models import Draft, DraftFile, compute_digest
from amana.academy.authoring.rules import publish_draft, write_course
from amana.academy.cohorts.rules import STAFF
from amana.academy.courses import actions as courses
from amana.academy.courses.engine import files as places
from amana.academy.courses.models import Version
from amana.academy.courses.rules import PUBLISHERS
from amana.design.mechanism.labels import format_fault
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log
from amana.yaml_files.yamls import UnreadableYAML


@transaction.atomic
def begin_draft(name: str, files: Mapping[str, bytes], *, by: User) -> Draft:
    """Begin a draft of these files, with faults or without; too much of them is
    refused."""
    if not has_role(by, STAFF):
        raise Denied(write_course, Draft())
    if faults := places.check_limits(dict(files)):
        raise Refused(format_fault(faults[0]))
    draft = Draft.objects.create(name=slugify(name)[:60] or "course", begun_by=by)
    DraftFile.objects.bulk_create(
        [
            DraftFile(
                draft=draft, path=path, content=content, sha256=compute_digest(content)
            )
            for path, content in files.items()
        ]
    )
    log.record("began course draft", draft, by=by, files=len(files))
    return draft


@transaction.atomic
def write_file(
    draft: Draft, path: str, content: bytes, *, was: str, by: User
) -> DraftFile:
    """Write a file in place of what has the fingerprint `was` (empty: it is new). A
    draft may hold faults; it is published only without."""
    _hold(draft, by)
    if fault := places.check_file(path, len(content)):
        raise Refused(format_fault(fault))
    found = draft.files.filter(path=path).first()
    # The second of two who write at once is refused, and overwrites nothing.
    if (found.sha256 if found else "") != was:
        raise Changed(_("Someone else has changed this in the meantime."))
    file = found or DraftFile(draft=draft, path=path)
    file.content, file.sha256 = content, compute_digest(content)
    file.save()
    draft.writers.add(by)
    log.record("wrote course file", draft, by=by)
    return file


@transaction.atomic
def write_entry(
    draft: Draft,
    id: str,
    said: Mapping[str, question_files.Entry | None],
    *,
    was: str,
    by: User,
) -> None:
    """Write a question, or a source, in each of its files, by their paths; None removes
    it. `was` is what `compute_state` told of it when its form was shown."""
    _hold(draft, by)
    files = _load_files(draft, said)
    if question_files.compute_state(files, said, id) != was:
        raise Changed(_("Someone else has changed this in the meantime."))
    for path, entry in said.items():
        try:
            content = files.get(path, b"")
            written = question_files.write_entry(path, content, id, entry)
        except UnreadableYAML as error:
            raise Refused(format_fault(error.fault)) from error
        if written != content:
            _save(draft, path, written)
    draft.writers.add(by)
    log.record("wrote course file", draft, by=by)


def _load_files(draft: Draft, paths: Iterable[str]) -> dict[str, bytes]:
    found = draft.files.filter(path__in=list(paths))
    return {path: bytes(held) for path, held in found.values_list("path", "content")}


def _save(draft: Draft, path: str, content: bytes) -> None:
    if fault := places.check_file(path, len(content)):
        raise Refused(format_fault(fault))
    held = {"content": content, "sha256": compute_digest(content)}
    DraftFile.objects.update_or_create(draft=draft, path=path, defaults=held)


@transaction.atomic
def remove_file(draft: Draft, path: str, *, by: User) -> None:
    _hold(draft, by)
    if not draft.files.filter(path=path).delete()[0]:
        raise Changed(_("This file no longer exists."))
    draft.writers.add(by)
    log.record("removed course file", draft, by=by)


@transaction.atomic
def publish_draft_version(draft: Draft, *, by: User) -> Version:
    """Publish the course's next version, by someone who did not write in it; refused
    with everything that is wrong."""
    _hold(draft, by)
    # Who may publish, but wrote in this one, reads why not; others are turned away.
    if has_role(by, PUBLISHERS) and not publish_draft.permits(by, draft):
        raise Refused(
            _("You wrote in this draft yourself, so a colleague has to publish it.")
        )
    publish_draft.require(by, draft)
    version = courses.publish_version(draft.content(), by=by)
    _end(draft, version)
    log.record("published course draft", draft, by=by, version=version.pk)
    return version


@transaction.atomic
def discard_draft(draft: Draft, *, by: User) -> None:
    _hold(draft, by)
    _end(draft, None)
    log.record("put away course draft", draft, by=by)


def _hold(draft: Draft, by: User) -> None:
    """Lock a draft, so that no one else writes in it until the transaction ends."""
    write_course.require(by, draft)
    locked = Draft.objects.open().select_for_update(no_key=True).filter(pk=draft.pk)
    if not locked.exists():
        raise Changed(_("This draft was published or deleted in the meantime."))
    Draft.objects.filter(pk=draft.pk).update(changed_at=timezone.now())


def _end(draft: Draft, version: Version | None) -> None:
    draft.ended_at, draft.published_as = timezone.now(), version
    draft.save(update_fields=["ended_at", "published_as"])
    draft.files.all().delete()
