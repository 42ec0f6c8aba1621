"""Read the entries of a session's calendar file."""

from icalendar import Calendar

from amana.trust.audit.models import AuditEvent


def recorded(did):
    return AuditEvent.objects.filter(did=did).count()


def entries(letter):
    (attached,) = letter.attachments
    return Calendar.from_ical(attached.content).walk("VEVENT")
