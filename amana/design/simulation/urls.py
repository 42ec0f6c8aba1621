"""The address of looking ahead, below that of a version: part of `mechanism:`."""

from django.urls import path

from amana.design.simulation import views

urlpatterns = [path("<int:pk>/foresight/", views.foresight, name="foresight")]
