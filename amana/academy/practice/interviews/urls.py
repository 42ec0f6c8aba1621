from django.urls import path

from amana.academy.practice.interviews import views

app_name = "interviews"
urlpatterns = [
    path("<slug:slug>/<slug:code>/<slug:part>/", views.interview, name="interview"),
    path("<slug:slug>/<slug:code>/<slug:part>/say", views.say, name="say"),
    path("<slug:slug>/<slug:code>/<slug:part>/stop", views.stop, name="stop"),
    path("<slug:slug>/<slug:code>/<slug:part>/again", views.again, name="again"),
]
