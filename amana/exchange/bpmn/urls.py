from django.urls import path

from amana.exchange.bpmn import views

app_name = "bpmn"

urlpatterns = [path("<int:pk>/pathway.bpmn", views.version, name="version")]
