from django.urls import path

from amana.care.lists import views

app_name = "lists"
urlpatterns = [
    path("", views.views, name="views"),
    path("save/", views.save, name="save"),
    path("<uuid:pk>/name/", views.rename, name="rename"),
    path("<uuid:pk>/delete/", views.delete, name="delete"),
    path("<uuid:pk>/begin/", views.begin, name="begin"),
    path("<uuid:pk>/begin-without/", views.begin_without, name="begin_without"),
]
