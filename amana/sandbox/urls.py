from django.urls import path

from amana.sandbox import observing_pages, views

app_name = "sandbox"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("stop", views.stop, name="stop"),
    path("act", views.add_act, name="add_act"),
    path("about", views.record_person, name="record_person"),
    path("observe/", observing_pages.observe, name="observe"),
    path("observe/finish/", observing_pages.finish, name="finish_marking"),
    path("scores/", views.scores, name="scores"),
    path("timeline/", views.timeline, name="timeline"),
    path("board/", views.board, name="board"),
    path("board/speed", views.set_speed, name="set_speed"),
    path("board/forward", views.move_forward, name="move_forward"),
    path("board/inject/<slug:code>", views.play_inject, name="play_inject"),
    path("board/note", views.add_note, name="add_note"),
    path("board/end/", views.end, name="end"),
]
