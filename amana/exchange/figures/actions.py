"""Actions: load a classification, and archive it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.exchange.figures import classifying
from amana.exchange.figures.models import Classification
from amana.exchange.figures.rules import KEEPERS, keep_classification
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log


@transaction.atomic
def load_classification(
    blob: bytes, *, name: str, version: str, source: str, by: User
) -> Classification:
    """Read the table, and offer releases in its codes from now on. Raises `Refused`
    where the table has faults, or this version is loaded already."""
    if not has_role(by, KEEPERS):
        raise Denied(keep_classification, Classification())
    codes = classifying.read_codes(blob)
    try:
        with transaction.atomic():
            # In a transaction of its own: after an error PostgreSQL would refuse
            # everything else in the outer one.
            loaded = Classification.objects.create(
                name=name, version=version, source=source, codes=codes, loaded_by=by
            )
    except IntegrityError as error:
        raise Refused(
            _("This version is already loaded. Archive it first to load it again.")
        ) from error
    log.record("loaded classification", loaded, by=by)
    return loaded


@transaction.atomic
def archive_classification(classification: Classification, *, by: User) -> None:
    """Archive a classification: no more files are written in it; those that were
    written remain with their readers. Raises `Refused` where it is archived already."""
    keep_classification.require(by, classification)
    in_use = Classification.objects.in_use().filter(pk=classification.pk)
    if not in_use.update(put_away_at=timezone.now()):
        raise Refused(_("This classification has already been archived."))
    log.record("put away classification", classification, by=by)
