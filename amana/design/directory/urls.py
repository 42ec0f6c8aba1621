from django.urls import path

from amana.design.directory import views

app_name = "directory"

urlpatterns = [
    path("", views.services, name="services"),
    path("map/", views.map_, name="map"),
    path("map/clusters/", views.clusters_, name="clusters"),
    path("shapes/", views.shapes, name="shapes"),
    path("print/", views.printed, name="print"),
    path("find/", views.find, name="find"),
    path("places/", views.places, name="places"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.service, name="service"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/where/", views.hidden_address, name="hidden_address"),
    path("<int:pk>/places/", views.report_places, name="report_places"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/end/", views.end, name="end"),
]
