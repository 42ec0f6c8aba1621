from django.urls import path, re_path

from amana.exchange.directory_api.views import format_pages as formats
from amana.exchange.directory_api.views import hsds_pages as hsds
from amana.exchange.directory_api.views import key_pages as keys

app_name = "directory_api"

BASE = "api/hsds/v3/"

urlpatterns = [
    path(BASE, hsds.about, name="about"),
    path(f"{BASE}openapi.json", hsds.openapi, name="openapi"),
    path(f"{BASE}services", hsds.services, name="services"),
    path(f"{BASE}services/<str:code>", hsds.service, name="service"),
    path(
        f"{BASE}service_at_locations",
        hsds.service_at_locations,
        name="service_at_locations",
    ),
    path(
        f"{BASE}service_at_locations/<str:code>",
        hsds.service_at_location,
        name="service_at_location",
    ),
    path(f"{BASE}organizations", hsds.organizations, name="organizations"),
    path(f"{BASE}organizations/<str:code>", hsds.organization, name="organization"),
    path(f"{BASE}taxonomies", hsds.taxonomies, name="taxonomies"),
    path(f"{BASE}taxonomies/<str:code>", hsds.taxonomy, name="taxonomy"),
    path(f"{BASE}taxonomy_terms", hsds.taxonomy_terms, name="taxonomy_terms"),
    path(f"{BASE}taxonomy_terms/<str:code>", hsds.taxonomy_term, name="taxonomy_term"),
    path("api/services.geojson", formats.geojson, name="geojson"),
    path("api/services.hxl.csv", formats.hxl, name="hxl"),
    # Not the page for people: a program reads the sentence.
    re_path(r"^api/", hsds.missing, name="missing"),
    path("directory/api-keys/", keys.keys, name="keys"),
    path("directory/api-keys/new/", keys.new, name="new"),
    path("directory/api-keys/<int:pk>/confirm/", keys.confirm, name="confirm"),
    path("directory/api-keys/<int:pk>/revoke/", keys.revoke, name="revoke"),
]
