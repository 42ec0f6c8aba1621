from django.urls import path

from amana.care.pending import views

app_name = "pending"
urlpatterns = [
    path("", views.decisions, name="list"),
    path("<uuid:pk>/undo", views.undo, name="undo"),
    path("<uuid:pk>/now", views.take_effect, name="now"),
]
