"""The exact kind of a need: care for HIV, care after rape, a lawyer.

The database knows the group of it, by which lists are filtered. What exactly is needed
is in the need's own sealed document, with the person's words, and is read from there
and from nowhere else: not from a row, which anyone with the database writes, and not
from a form. A need that was opened knows its kind as long as the request lasts."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from amana.care.cases.models import Need
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import OpenedDocument
from amana.trust.vault.keys import Keyring

PART = Compartment.NEEDS
KIND, WORDS = "type", "words"

type Found = Mapping[tuple[Compartment, str], OpenedDocument]


def write(need: Need, kind: ServiceType, *, words: str, by: User) -> None:
    """Seal what exactly is needed, with the person's own words."""
    content = {KIND: kind.value}
    if words.strip():
        content[WORDS] = words
    documents.write(need.case_id, PART, content, by=by, name=need.document)
    need.know(kind)


def read(needs: Iterable[Need], found: Found) -> None:
    """Set the kind of these needs, as far as their documents were opened."""
    for need in needs:
        opened = found.get((PART, need.document))
        if opened is not None:
            need.know(read_kind(opened.content))


def read_kind(content: Mapping[str, Any]) -> ServiceType:
    return ServiceType(content[KIND])


def require(needs: Iterable[Need]) -> None:
    """Refuse where something is to be decided by a kind that could not be opened.
    Raises `Refused`."""
    if not all(need.is_known for need in needs):
        raise Refused(_("You do not hold the key to this part of the case."))


def learn(needs: Collection[Need], *, by: User) -> None:
    """Set the kind of the needs of one case, inside an act that is recorded. Raises
    `Refused` where a kind could not be opened."""
    if unknown := [need for need in needs if not need.is_known]:
        # Without an event of its own: the act around it is in the log, is allowed or
        # refused by the kind, and shows it on no page.
        documents.read_coded_documents(
            unknown[0].case_id,
            [PART],
            [need.document for need in unknown],
            by=by,
            into=partial(read, unknown),
        )
    require(needs)


def open_to_decide(needs: Collection[Need], *, by: User, purpose: str) -> None:
    """Open the kinds for a page on which something is decided by them, with an event.
    Raises `Refused` where one could not be opened."""
    show(needs, by=by, purpose=purpose, unlocked=True)
    require(needs)


def show(
    needs: Collection[Need], *, by: User, purpose: str, unlocked: bool = False
) -> None:
    """Open the kinds for a page that names them, with an event, as far as `by` holds
    keys; otherwise the page names the group. `unlocked`: a person whose keys are locked
    is asked to unlock them."""
    unknown = [need for need in needs if not need.is_known]
    if unknown and (unlocked or isinstance(by.keyring, Keyring)):
        names = [need.document for need in unknown]
        case = unknown[0].case_id
        read(
            unknown,
            documents.open_documents(case, [PART], by=by, purpose=purpose, names=names),
        )
