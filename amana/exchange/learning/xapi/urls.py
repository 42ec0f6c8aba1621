from django.urls import path

from amana.exchange.learning.xapi import views

app_name = "xapi"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("agree", views.agree, name="agree"),
    path("end", views.end, name="end"),
]
