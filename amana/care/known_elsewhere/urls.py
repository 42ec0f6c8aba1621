from django.urls import path

from amana.care.known_elsewhere import views

app_name = "known_elsewhere"
urlpatterns = [
    path("", views.questions, name="list"),
    path("case/<uuid:pk>/", views.ask, name="ask"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
