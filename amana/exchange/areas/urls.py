from django.urls import path

from amana.exchange.areas import views

app_name = "areas"

urlpatterns = [
    path("", views.start, name="start"),
    path("files/<uuid:pk>/", views.columns, name="columns"),
    path("files/<uuid:pk>/load/", views.load, name="load"),
    path("files/<uuid:pk>/discard/", views.discard, name="discard"),
]
