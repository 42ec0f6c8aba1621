from django.urls import path, register_converter

from amana.academy.community.mentoring import views
from amana.academy.community.mentoring.models import MentoringSide
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(MentoringSide.values), "side")

app_name = "mentoring"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("wish/<side:kind>/", views.wish, name="wish"),
    path("wish/<int:pk>/take-back", views.take_back, name="take_back"),
    path("arrange/", views.arrange, name="arrange"),
    path("arrange/<int:pk>/", views.propose, name="propose"),
    path("<uuid:pk>/", views.pair, name="pair"),
    path("<uuid:pk>/agree", views.agree, name="agree"),
    path("<uuid:pk>/end", views.end, name="end"),
    path("<uuid:pk>/check-in/", views.check_in, name="check_in"),
    path("<uuid:pk>/check-in/<int:number>/", views.reply, name="reply"),
    path("<uuid:pk>/commit/", views.commit, name="commit"),
    path("<uuid:pk>/commit/<int:number>/", views.settle, name="settle"),
]
