from django.urls import path

from amana.academy.sessions.views import (
    attendance_pages,
    calendar,
    calls,
    kit_pages,
    leader_pages,
    planning_pages,
    room_pages,
)

app_name = "sessions"
urlpatterns = [
    path("", planning_pages.mine, name="mine"),
    path("calendar/<uuid:key>.ics", calendar.feed, name="calendar"),
    path("calendar/renew", calendar.renew, name="renew"),
    path("of/<int:pk>/plan", planning_pages.plan, name="plan"),
    path("kits/<slug:slug>/", kit_pages.kits, name="kits"),
    path("kits/<slug:slug>/<int:number>/<slug:code>/", kit_pages.kit, name="kit"),
    path(
        "kits/<slug:slug>/<int:number>/<slug:code>/all/<slug:language>.pdf",
        kit_pages.kit_pdf,
        name="kit_pdf",
    ),
    path(
        "kits/<slug:slug>/<int:number>/<slug:code>/<slug:part>/",
        kit_pages.piece,
        name="kit_piece",
    ),
    path(
        "kits/<slug:slug>/<int:number>/<slug:code>/<slug:part>/slides",
        kit_pages.slides,
        name="kit_slides",
    ),
    path(
        "kits/<slug:slug>/<int:number>/<slug:code>/<slug:part>/<slug:language>.pdf",
        kit_pages.piece_pdf,
        name="kit_piece_pdf",
    ),
    path("<uuid:pk>/", planning_pages.session, name="session"),
    path("<uuid:pk>/change", planning_pages.change, name="change"),
    path("<uuid:pk>/polls", planning_pages.polls, name="polls"),
    path(
        "<uuid:pk>/polls/<slug:code>/remove",
        planning_pages.remove_poll,
        name="remove_poll",
    ),
    path("<uuid:pk>/cancel", planning_pages.cancel, name="cancel"),
    path("<uuid:pk>/invitation.ics", calendar.invitation, name="invitation"),
    path("<uuid:pk>/room/", room_pages.room, name="room"),
    path("<uuid:pk>/room/enter", room_pages.enter, name="enter"),
    path("<uuid:pk>/room/here", room_pages.here, name="here"),
    path("<uuid:pk>/room/stream", room_pages.stream, name="stream"),
    path("<uuid:pk>/room/say/<slug:kind>", room_pages.say, name="say"),
    path("<uuid:pk>/room/notes/<slug:part>", room_pages.note, name="note"),
    path("<uuid:pk>/room/notes/<slug:part>/show", room_pages.report, name="report"),
    path(
        "<uuid:pk>/room/captions/<slug:language>.vtt",
        room_pages.captions,
        name="captions",
    ),
    path("<uuid:pk>/room/kit/<slug:part>", kit_pages.handout, name="handout"),
    path("<uuid:pk>/room/letters", calls.letters, name="letters"),
    path("<uuid:pk>/room/video", calls.video, name="video"),
    path("<uuid:pk>/lead/", leader_pages.lead, name="lead"),
    path("<uuid:pk>/lead/captions", leader_pages.captions, name="add_captions"),
    path("<uuid:pk>/lead/do/<slug:kind>", leader_pages.do, name="do"),
    path("<uuid:pk>/pack", leader_pages.pack, name="pack"),
    path("<uuid:pk>/attendance", attendance_pages.attendance_page, name="attendance"),
    path("<uuid:pk>/door", attendance_pages.door, name="door"),
    path("<uuid:pk>/door.svg", attendance_pages.square, name="square"),
    path("<uuid:pk>/arrive", attendance_pages.arrive, name="arrive"),
]
