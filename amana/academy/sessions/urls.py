from django.urls import path

from amana.academy.sessions.views import (
    attending,
    calendar,
    calls,
    leading,
    planning,
    room,
)

app_name = "sessions"
urlpatterns = [
    path("", planning.mine, name="mine"),
    path("calendar/<uuid:key>.ics", calendar.feed, name="calendar"),
    path("calendar/renew", calendar.renew, name="renew"),
    path("of/<int:pk>/plan", planning.plan, name="plan"),
    path("<uuid:pk>/", planning.session, name="session"),
    path("<uuid:pk>/change", planning.change, name="change"),
    path("<uuid:pk>/cancel", planning.cancel, name="cancel"),
    path("<uuid:pk>/invitation.ics", calendar.invitation, name="invitation"),
    path("<uuid:pk>/room/", room.room, name="room"),
    path("<uuid:pk>/room/enter", room.enter, name="enter"),
    path("<uuid:pk>/room/here", room.here, name="here"),
    path("<uuid:pk>/room/stream", room.stream, name="stream"),
    path("<uuid:pk>/room/say/<slug:kind>", room.say, name="say"),
    path("<uuid:pk>/room/notes/<slug:part>", room.note, name="note"),
    path("<uuid:pk>/room/notes/<slug:part>/show", room.report, name="report"),
    path("<uuid:pk>/room/captions/<slug:language>.vtt", room.captions, name="captions"),
    path("<uuid:pk>/room/letters", calls.letters, name="letters"),
    path("<uuid:pk>/room/video", calls.video, name="video"),
    path("<uuid:pk>/lead/", leading.lead, name="lead"),
    path("<uuid:pk>/lead/captions", leading.captions, name="add_captions"),
    path("<uuid:pk>/lead/do/<slug:kind>", leading.do, name="do"),
    path("<uuid:pk>/pack", leading.pack, name="pack"),
    path("<uuid:pk>/attendance", attending.attendance_page, name="attendance"),
    path("<uuid:pk>/door", attending.door, name="door"),
    path("<uuid:pk>/door.svg", attending.square, name="square"),
    path("<uuid:pk>/arrive", attending.arrive, name="arrive"),
]
