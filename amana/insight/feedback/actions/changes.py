"""You said, we did: what was changed because enough people said the same."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.feedback import heard
from amana.insight.feedback.models import Change
from amana.insight.feedback.rules import publish_change
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import User
from amana.trust.audit import log

type Texts = Mapping[str, str]


def keep_written(texts: Texts) -> dict[str, str]:
    """Keep the languages in which something was written."""
    return {code: text.strip() for code, text in texts.items() if text.strip()}


@transaction.atomic
def announce_change(theme: Theme, *, said: Texts, did: Texts, by: User) -> Change:
    """Publish what was changed for a theme that enough people spoke of; else it could
    point to one person."""
    publish_change.require(by, by)
    if theme not in heard.list_themes():
        raise Refused(_("Not enough people have mentioned this yet."))
    in_words, in_deeds = keep_written(said), keep_written(did)
    if not in_words or in_words.keys() != in_deeds.keys():
        raise Refused(_("Fill in both parts in the same language or languages."))
    change = Change.objects.create(
        theme=theme,
        said=in_words,
        did=in_deeds,
        published_at=timezone.now(),
        published_by=by,
    )
    log.record("published change", change, by=by, theme=theme)
    return change


@transaction.atomic
def withdraw_change(change: Change, *, by: User) -> None:
    publish_change.require(by, change)
    shown = Change.objects.shown().filter(pk=change.pk)
    if shown.update(taken_back_at=timezone.now()):
        log.record("took back change", change, by=by)
