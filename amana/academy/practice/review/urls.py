from django.urls import path

from amana.academy.practice.review import views

app_name = "review"
urlpatterns = [
    path("", views.today, name="today"),
    path("<int:pk>/<slug:code>/", views.answer, name="answer"),
    path("<int:pk>/<slug:code>/rate", views.rate, name="rate"),
]
