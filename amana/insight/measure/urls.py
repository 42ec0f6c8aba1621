from django.urls import path

from amana.insight.measure import ours_views, views

app_name = "measure"
urlpatterns = [
    path("", views.home, name="home"),
    path("ours", ours_views.of_ours, name="ours"),
    path("alike", views.fairness, name="alike"),
    path("country", views.of_country, name="country"),
    path("<slug:code>", views.figure, name="figure"),
    path("<slug:code>/<slug:part>", views.figure, name="part"),
    path("<slug:code>/<slug:part>/table", views.figure_file, name="table"),
    path("<slug:code>/<slug:part>/agencies", views.beside, name="agencies"),
]
