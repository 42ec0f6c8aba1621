from django.urls import path, register_converter

from amana.exchange.ocel import views
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(views.FORMATS), "logformat")

app_name = "ocel"
urlpatterns = [path("<logformat:format>/", views.log, name="log")]
