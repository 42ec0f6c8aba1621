"""Organisations that a person must not, or does not want to, be sent to.

Which they are is sealed in the case: that a person fears an agency reveals much."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import OpenedDocument
from amana.trust.vault.models import Document

NAME = "avoid"
SEALED_IN = Compartment.NEEDS


def open_organisations(case: Case, *, by: User) -> frozenset[int]:
    """Open their ids."""
    return _read(case, by=by)[0]


def require_wanted(organisation: int, to_avoid: Collection[int]) -> None:
    """Refuse an organisation to be avoided, whatever is about to be sent to it."""
    if organisation in to_avoid:
        raise Refused(_("This organisation must be avoided for this person."))


def get_organisations(
    opened: Mapping[tuple[Compartment, str], OpenedDocument],
) -> frozenset[int]:
    """Get their ids from documents that were opened with others."""
    found = opened.get((SEALED_IN, NAME))
    return frozenset(found.content.get("organisations", []) if found else ())


def _read(case: Case, *, by: User) -> tuple[frozenset[int], int]:
    written = Document.objects.current().filter(
        key__case=case.pk, key__compartment=SEALED_IN, name=NAME
    )
    # Opening is an event in the log: not where there is nothing to open.
    if not written.exists():
        return frozenset(), 0
    opened = documents.open_documents(
        case.pk, [SEALED_IN], by=by, purpose="whom to avoid", names=[NAME]
    )
    found = opened.get((SEALED_IN, NAME))
    return get_organisations(opened), found.revision if found else 0


def set_avoided(case: Case, organisation: int, *, avoid: bool, by: User) -> bool:
    """Set whether an organisation is avoided; return whether anything changed. Part of
    an action, which records it."""
    known, revision = _read(case, by=by)
    wanted = known | {organisation} if avoid else known - {organisation}
    if wanted == known:
        return False
    content = {"organisations": sorted(wanted)}
    documents.write(case.pk, SEALED_IN, content, by=by, name=NAME, replacing=revision)
    return True
