from django.urls import path, register_converter

from amana.exchange.ocel import views
from amana.ui.addresses import one_of

register_converter(one_of(views.FORMATS), "logformat")

app_name = "ocel"
urlpatterns = [path("<logformat:format>/", views.log, name="log")]
