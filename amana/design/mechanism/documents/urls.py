"""Addresses of what is printed, below those of a version: part of `mechanism:`."""

from django.urls import path, register_converter

from amana.design.mechanism.documents import views
from amana.design.mechanism.documents.document_catalogue import SHAPES
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(SHAPES), "shape")

urlpatterns = [
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/paper/toolkit.zip", views.everything, name="toolkit"),
    path("<int:pk>/paper/<slug:language>/", views.paper, name="paper_in"),
    path(
        "<int:pk>/paper/<slug:language>/sop/<shape:format>/",
        views.printed,
        {"kind": "sop"},
        name="sop",
    ),
    path(
        "<int:pk>/paper/<slug:language>/<slug:kind>/<shape:format>/",
        views.printed,
        name="printed",
    ),
]
