from django.urls import path

from amana.academy.community.alumni import views

app_name = "alumni"
urlpatterns = [
    path("", views.home, name="home"),
    path("join", views.join, name="join"),
    path("leave", views.leave, name="leave"),
    path("begin", views.begin, name="begin"),
    path("clinic/", views.announce, name="announce"),
    path("clinic/<int:pk>/call-off", views.call_off, name="call_off"),
    path("<uuid:pk>/", views.talk, name="talk"),
    path("<uuid:pk>/answer", views.answer, name="answer"),
    path("<uuid:pk>/take-back", views.take_back, name="take_back"),
]
