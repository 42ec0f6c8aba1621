from django.urls import path

from amana.exchange.learning.scorm import views

app_name = "scorm"
urlpatterns = [
    path("<slug:slug>/<slug:code>.zip", views.module, name="module"),
    path("<slug:slug>/<slug:code>/<slug:part>.zip", views.lesson, name="lesson"),
]
