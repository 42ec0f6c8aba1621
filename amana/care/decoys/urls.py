from django.urls import path

from amana.care.decoys import views

app_name = "decoys"
urlpatterns = [
    path("", views.asked, name="list"),
    path("make/", views.make, name="make"),
    path("<uuid:pk>/end/", views.end, name="end"),
]
