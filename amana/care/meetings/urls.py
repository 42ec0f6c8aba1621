from django.urls import path

from amana.care.meetings import views

app_name = "meetings"
urlpatterns = [
    # The scope of the service worker is that of the meeting's pages, cases:meet.
    path("worker.js", views.worker, name="worker"),
    path("ready/", views.ready, name="ready"),
    path("kit/", views.kit, name="kit"),
    path("screening/<int:team>/<slug:slug>/", views.screening, name="screening"),
    path("pass", views.enter, name="pass"),
    path("take", views.take, name="take"),
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/<uuid:pk>", views.take_waiting, name="take_waiting"),
    path("waiting/<uuid:pk>/aside", views.set_aside, name="set_aside"),
]
