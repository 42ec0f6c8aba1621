from django.urls import path

from amana.academy.offline import views

app_name = "offline"
KEPT = "kept/<int:pk>/<slug:language>/<slug:code>/"
urlpatterns = [
    # The scope of the service worker: pages that show nothing of anyone.
    path("kept/", views.kept, name="kept"),
    path("kept/worker.js", views.worker, name="worker"),
    path(KEPT, views.module, name="module"),
    path(f"{KEPT}test/", views.test, name="test"),
    path(f"{KEPT}<slug:part>/", views.lesson, name="lesson"),
    # Around it.
    path("keep/<slug:slug>/<slug:code>/", views.keep, name="keep"),
    path("list/<int:pk>/<slug:language>/<slug:code>", views.listed, name="list"),
    path("attempt/<slug:slug>/<slug:code>", views.attempt, name="attempt"),
    path("enter", views.enter, name="enter"),
    path("told", views.told, name="told"),
    path("bring/", views.bring, name="bring"),
    path("stick/<slug:slug>/download", views.bundle, name="bundle"),
]
