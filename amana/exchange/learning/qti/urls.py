from django.urls import path

from amana.exchange.learning.qti import views

app_name = "qti"
urlpatterns = [
    path("<slug:slug>/bring", views.bring, name="bring"),
    path("<slug:slug>/<slug:code>.zip", views.module, name="module"),
]
