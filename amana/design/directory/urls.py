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
    path("verification/", views.verification, name="verification"),
    path("verification/ask/", views.ask_due, name="ask_due"),
    path("verification/reminders/", views.reminders, name="reminders"),
    path("verification/returned/<int:pk>/", views.returned, name="returned"),
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path("proposals/<int:pk>/accept/", views.accept, name="accept"),
    path("proposals/<int:pk>/decline/", views.decline, name="decline"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/undo/", views.unmerge, name="unmerge"),
    path("check/", views.checked, name="checked"),
    path("check/<str:token>", views.check, name="check"),
    path("<int:pk>/", views.service, name="service"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/where/", views.hidden_address, name="hidden_address"),
    path("<int:pk>/places/", views.report_places, name="report_places"),
    path("<int:pk>/verify/", views.verify, name="verify"),
    path("<int:pk>/ask/", views.ask, name="ask"),
    path("<int:pk>/phone/", views.phone, name="phone"),
    path("<int:pk>/merge/<int:into>/", views.merge, name="merge"),
    path("<int:pk>/apart/<int:other>/", views.apart, name="apart"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/take-out/", views.delist, name="delist"),
    path("<int:pk>/answer/", views.answer_delisting, name="answer_delisting"),
    path("<int:pk>/relist/", views.relist, name="relist"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/end/", views.end, name="end"),
]
