from django.urls import path

from amana.trust.alarms import views

app_name = "alarms"
urlpatterns = [
    path("", views.alarms, name="list"),
    path("<int:pk>/", views.alarm, name="alarm"),
    path("<int:pk>/settle/", views.settle, name="settle"),
]
