"""Lose the keys of a team, propose a recovery, confirm it, and release shares."""

from django.core import mail

from amana import given
from amana.notifications import unread
from amana.trust.access.models import Membership
from amana.trust.recovery import regaining
from amana.trust.recovery.models import Regaining, Share
from amana.trust.vault import admission, documents
from amana.trust.vault.compartments import Compartment as C

NEW = "five grey herons at noon"


def name_in(case, user):
    found = documents.open_documents(case, [C.IDENTITY], by=user, purpose="test")
    record = found.get((C.IDENTITY, documents.RECORD))
    return record.content["name"] if record else None


def share_of(user):
    return Share.objects.for_list().get(custodian=user)


def lose_all(amira, basma, coordinator):
    """One keyholder has left, the other has lost passphrase and sheet; she has set up
    new keys, and nobody is there who could let her in."""
    given.end_membership(amira.memberships.get(ended_at=None), by=basma)
    code = given.reset_keys(basma, by=coordinator)
    return admission.join(admission.find_invitation(code), passphrase=NEW)


def place_of(user):
    return Membership.objects.for_list().get(user=user, ended_at=None)


def confirmed(lost, coordinator, officer):
    made = regaining.propose(place_of(lost), by=coordinator)
    regaining.confirm(made, by=officer)
    return made


def fresh(made):
    return Regaining.objects.for_list().get(pk=made.pk)


def release(made, *who):
    for keeper in who:
        regaining.release(made, by=keeper)


def told_by_mail():
    return {address for message in mail.outbox for address in message.to}


def heard(user):
    """What a person reads of recovery keys, and of which team."""
    entries = unread.list_entries(user)
    return {(entry.notification.what, entry.line.who) for entry in entries}
