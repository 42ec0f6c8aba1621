from django.urls import path

from amana.exchange.learning.cmi5 import views

app_name = "cmi5"
urlpatterns = [
    path("<slug:slug>/<slug:code>.zip", views.module, name="module"),
    path("<slug:slug>/<slug:code>/<slug:part>.zip", views.lesson, name="lesson"),
]
