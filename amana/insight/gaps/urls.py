from django.urls import path

from amana.insight.gaps import views

app_name = "gaps"

urlpatterns = [
    path("", views.listed, name="list"),
    path("table/", views.heat, name="table"),
    path("map/", views.map_, name="map"),
    path("print/", views.printed, name="print"),
    path("gaps.csv", views.as_csv, name="csv"),
    path("gaps.geojson", views.as_geojson, name="geojson"),
    path("keep/", views.keep, name="keep"),
    path("<str:kind>/<str:code>/<str:part>/", views.gap, name="gap"),
    path("<str:kind>/<str:code>/<str:part>/plan/", views.plan, name="plan"),
]
