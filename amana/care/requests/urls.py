from django.urls import path, register_converter

from amana.care.requests.views import emergency, enquiry_pages, received, sent_request
from amana.design.directory.taxonomy import ServiceType
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(ServiceType.values), "needed")

app_name = "requests"
urlpatterns = [
    # asking
    path("needs/<uuid:need>/ask/", enquiry_pages.ask, name="ask"),
    path("emergency/<needed:kind>/", emergency.choose, name="emergency"),
    # what a team is asked
    path("received/<uuid:pk>/", received.enquiry, name="enquiry"),
    path("received/<uuid:pk>/accept/", received.accept, name="accept"),
    path("received/<uuid:pk>/decline/", received.decline, name="decline"),
    # what was asked
    path("<uuid:pk>/", sent_request.request_page, name="request"),
    path("<uuid:pk>/recall/", sent_request.recall, name="recall"),
    path("<uuid:pk>/join/", sent_request.join, name="join"),
    path("<uuid:pk>/share/", enquiry_pages.share, name="share"),
]
