from django.urls import path

from amana.academy.gates import views

app_name = "gates"
urlpatterns = [
    path("", views.people, name="people"),
    path("<int:pk>/<slug:code>/", views.decide, name="decide"),
]
