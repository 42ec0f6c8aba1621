from django.urls import path

from amana.care.packs import views

app_name = "packs"
urlpatterns = [
    # The scope of the service worker is the page that opens a pack.
    path("", views.reader, name="open"),
    path("worker.js", views.worker, name="worker"),
    path("kept/", views.kept, name="kept"),
    path("contact", views.contact, name="contact"),
    path("list/", views.packs, name="list"),
    path("take/", views.choose, name="choose"),
    path("fill", views.fill, name="fill"),
    path("<uuid:pk>/revoke/", views.revoke, name="revoke"),
]
