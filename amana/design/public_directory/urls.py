from django.urls import path

from amana.design.public_directory import views

app_name = "public_directory"
urlpatterns = [
    path("", views.start, name="start"),
    path("embed/<slug:language>/", views.embedded, name="embedded"),
    path("<slug:language>/", views.start, name="start_in"),
    path("<slug:language>/find/", views.find, name="find"),
    path("<slug:language>/search/", views.search, name="search"),
    path("<slug:language>/needs/", views.needs, name="needs"),
    path("<slug:language>/places/", views.places, name="places"),
    path("<slug:language>/languages/", views.spoken, name="spoken"),
    path("<slug:language>/leaflet/", views.leaflet, name="leaflet"),
    path("<slug:language>/leaflet/pdf", views.leaflet_pdf, name="leaflet_pdf"),
    path("<slug:language>/service/<int:pk>/", views.service, name="service"),
    path("<slug:language>/service/<int:pk>/text", views.text, name="text"),
]
