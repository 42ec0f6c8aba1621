from django.urls import path

from amana.exchange.figures import views

app_name = "figures"
urlpatterns = [
    path("published/<int:pk>/files/", views.files, name="files"),
    path("published/<int:pk>/files/<slug:code>", views.file, name="file"),
    path(
        "published/<int:pk>/files/in/<int:classification>",
        views.in_codes,
        name="in_codes",
    ),
    path("releases/classifications/", views.classifications, name="classifications"),
    path("releases/classifications/<int:pk>/put-away", views.put_away, name="put_away"),
]
