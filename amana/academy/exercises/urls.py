from django.urls import path

from amana.academy.exercises import kit_views, learned, replay_views, views

app_name = "scenarios"
urlpatterns = [
    path("", views.home, name="home"),
    path("kit/<slug:code>/", kit_views.kit, name="kit"),
    path(
        "kit/<slug:code>/<str:language>/<slug:part>.<slug:format>",
        kit_views.printed,
        name="printed",
    ),
    path("open/<int:cohort>/<slug:code>", views.open_exercise, name="open"),
    path("<uuid:pk>/", views.exercise, name="exercise"),
    path("<uuid:pk>/seat", views.take_seat, name="take_seat"),
    path("<uuid:pk>/seat/leave", views.leave_seat, name="leave_seat"),
    path("<uuid:pk>/seat/free", views.free_seat, name="free_seat"),
    path("<uuid:pk>/close/", views.close, name="close"),
    path("<uuid:pk>/learned/", learned.record, name="record"),
    path("<uuid:pk>/replay/", replay_views.moments, name="moments"),
    path("<uuid:pk>/replay/<int:number>", replay_views.replay, name="replay"),
    path("<uuid:pk>/compare/", replay_views.compare, name="compare"),
    path("<uuid:pk>/progress", views.progress, name="progress"),
    path("<uuid:pk>/in/", views.inside, name="enter"),
    path("<uuid:pk>/in/<path:page>", views.inside, name="inside"),
]
