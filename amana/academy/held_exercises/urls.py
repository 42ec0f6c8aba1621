from django.urls import path

from amana.academy.held_exercises import views

app_name = "held_exercises"
urlpatterns = [
    path("", views.exercises, name="exercises"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.exercise, name="exercise"),
    path("<uuid:pk>/steps/", views.agree, name="agree"),
    path("<uuid:pk>/steps/<int:number>/", views.finish, name="finish"),
    path("<uuid:pk>/out", views.take_out, name="take_out"),
]
