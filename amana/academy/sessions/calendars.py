"""Sessions as entries of a calendar (RFC 5545): the course and the place, no names.

An entry keeps its UID, and counts its changes by SEQUENCE: whatever reads it moves the
entry that it has, and strikes out one that is cancelled."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from amana.academy.courses.content import load_content
from amana.academy.sessions.models import Session
from amana.academy.sessions.rules import see_session
from amana.trust.access.models import User

MAKER = "-//Amana//Academy//EN"
READ_AGAIN = timedelta(hours=1)


def build_feed(person: User) -> bytes:
    """Build the calendar with every session of this person, the cancelled ones too:
    they are struck out.
    """
    found = see_session.among(Session.objects.for_page(), person)
    calendar = start_calendar(_("Academy"))
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    for session in found:
        calendar.add_component(build_entry(session))
    return write_calendar(calendar)


def build_invitation(session: Session, person: User) -> bytes:
    """Build the message for one calendar: to add, to move, or to strike out the
    session.
    """
    calendar = start_calendar("")
    calendar.add("method", "CANCEL" if session.cancelled_at else "REQUEST")
    event = build_entry(session)
    event.add("organizer", build_address(settings.DEFAULT_FROM_EMAIL))
    attendee = build_address(person.email)
    # The place in the cohort is the answer: a reply by mail would go nowhere.
    attendee.params["rsvp"] = vText("FALSE")
    attendee.params["partstat"] = vText("ACCEPTED")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return write_calendar(calendar)


def start_calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    return calendar


def build_entry(session: Session) -> Event:
    event = Event()
    event.add("uid", session.uid)
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.changed_at)
    event.add("last-modified", session.changed_at)
    event.add("summary", format_title(session))
    # In the cohort's zone and not in UTC: after a change of the clocks a calendar that
    # has the zone still shows the hour that was agreed.
    event.add("dtstart", session.starts_at.astimezone(session.cohort.zone))
    event.add("dtend", session.ends_at.astimezone(session.cohort.zone))
    event.add("location", session.venue or _("Online"))
    page = reverse("sessions:session", args=[session.pk])
    event.add("url", f"{settings.ADDRESS}{page}")
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    # PRIVATE, because a shared calendar would show colleagues where a person is
    # trained.
    event.add("class", "PRIVATE")
    if not session.cancelled_at:
        event.add_component(build_reminder(format_title(session)))
    return event


def build_reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm


def format_title(session: Session) -> str:
    course = load_content(session.cohort.version)
    return course.in_language(course.title, session.cohort.language).said


def build_address(email: str) -> vCalAddress:
    return vCalAddress(f"mailto:{email}")


def write_calendar(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    blob: bytes = calendar.to_ical()
    return blob
