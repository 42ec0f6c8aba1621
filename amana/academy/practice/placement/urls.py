from django.urls import path

from amana.academy.practice.placement import views

app_name = "placement"
urlpatterns = [
    path("<slug:slug>/", views.choose, name="choose"),
    path("<slug:slug>/<slug:code>/", views.ask, name="ask"),
    path("<slug:slug>/<slug:code>/result", views.result, name="result"),
    path("<slug:slug>/<slug:code>/known", views.known, name="known"),
]
