from django.urls import path

from amana.exchange.hsds import views

app_name = "hsds"

urlpatterns = [path("services.json", views.services, name="services")]
