from django.urls import path

from amana.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("stream", views.stream, name="stream"),
    path("read", views.read_all, name="read_all"),
    path("<int:pk>/", views.follow, name="follow"),
]
