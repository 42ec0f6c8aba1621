"""The mechanism's own emergency lines."""

from django.db import transaction

from amana.care.cases.models import EmergencyContact
from amana.care.cases.rules import KEEPERS, keep_emergency_contacts
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log


@transaction.atomic
def add_emergency_contact(
    *,
    name: str,
    number: str,
    when: str = EmergencyContact.When.ANY,
    note: str = "",
    place: int = 0,
    by: User,
    **translations: str,
) -> EmergencyContact:
    """Add a line that a first responder calls; `translations`: `name_fr`, `note_ar`
    …"""
    if not has_role(by, KEEPERS):
        raise Denied(keep_emergency_contacts, by)
    contact = EmergencyContact.objects.create(
        name=name, number=number, when=when, note=note, place=place, **translations
    )
    log.record("added emergency contact", contact, by=by)
    return contact


@transaction.atomic
def change_emergency_contact(
    contact: EmergencyContact, *, by: User, **changes: object
) -> EmergencyContact:
    """Correct a line: a wrong number costs what it should save."""
    keep_emergency_contacts.require(by, contact)
    EmergencyContact.objects.filter(pk=contact.pk).update(**changes)
    for name, value in changes.items():
        setattr(contact, name, value)
    log.record("changed emergency contact", contact, by=by)
    return contact


@transaction.atomic
def remove_emergency_contact(contact: EmergencyContact, *, by: User) -> None:
    """Remove a line that is no longer answered."""
    keep_emergency_contacts.require(by, contact)
    # Recorded first: after `delete` the row has no id that the event could name.
    log.record("removed emergency contact", contact, by=by)
    contact.delete()
