"""One declares that an older database was put back, another confirms it: then a new log
begins, and pages are shown again."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import anchor, log, log_restart, sealing
from amana.trust.audit.offline_verifier import parse_head
from amana.trust.vault.rules import WATCHING
from amana.trust.witness.models import Restoration, RestorationStatus
from amana.trust.witness.rules import (
    confirm_restoration,
    declare_restoration,
    withdraw_restoration,
)


@transaction.atomic
def propose(*, reason: str, words: str, by: User) -> Restoration:
    """Propose it as the first of two, naming the last checkpoint that is known."""
    restoration = Restoration(reason=reason, words=words.strip(), proposed_by=by)
    if not has_role(by, WATCHING):
        raise Denied(declare_restoration, by)
    require_doubt()
    if not restoration.words:
        raise Refused(_("Enter what happened."))
    restoration.seen = log_restart.find_last_seen()
    if not restoration.seen:
        raise Refused(_("No checkpoint is known. Restore the file audit.anchor."))
    try:
        # A savepoint: on PostgreSQL, the failed insert would end the whole transaction.
        with transaction.atomic():
            restoration.save()
    except IntegrityError as error:
        raise Changed(_("A colleague has already proposed this.")) from error
    log.record("proposed restoration", restoration, by=by, reason=reason)
    return restoration


@transaction.atomic
def confirm(restoration: Restoration, *, by: User) -> None:
    """Confirm it as the second, of another team: the new log begins."""
    confirm_restoration.require(by, restoration)
    restoration.settle(RestorationStatus.DECLARED, confirmed_by=by)
    log_restart.begin_log(
        restoration.seen,
        by=by,
        restoration=restoration.pk,
        reason=restoration.reason,
        proposed_by=restoration.proposed_by_id,
    )


@transaction.atomic
def withdraw(restoration: Restoration, *, by: User) -> None:
    withdraw_restoration.require(by, restoration)
    restoration.settle(RestorationStatus.WITHDRAWN)
    log.record("withdrew restoration", restoration, by=by)


def require_doubt() -> None:
    sealing.compare_with_anchor()
    known = anchor.read()
    if known.doubt is None and not known.lost:
        raise Refused(_("The log is intact. There is no restoration to declare."))


def count_lost_entries(restoration: Restoration) -> int:
    """Count the entries of what was seen that the restored log lacks, as far as
    known."""
    return max(0, parse_head(restoration.seen).size - sealing.get_tree_size())
