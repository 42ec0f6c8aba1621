from django.urls import path

from amana.insight.advocacy import following, views

app_name = "advocacy"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("new/", views.new, name="new"),
    path("windows/", views.windows, name="windows"),
    path("windows/new/", views.new_window, name="new_window"),
    path("recommendations/", following.recommendations, name="recommendations"),
    path("recommendations/new/", following.new, name="new_recommendation"),
    path("recommendations/<uuid:pk>/", following.recommendation, name="recommendation"),
    path("<uuid:pk>/", views.plan, name="plan"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/offices/", views.place, name="place"),
    path("<uuid:pk>/offices/<int:number>/", views.move, name="move"),
    path("<uuid:pk>/offices/<int:number>/off", views.take_off, name="take_off"),
    path("<uuid:pk>/messages/", views.say, name="say"),
    path("<uuid:pk>/messages/<int:number>/back", views.withdraw, name="withdraw"),
    path("<uuid:pk>/promises/", views.promise, name="promise"),
    path("<uuid:pk>/promises/<int:number>/", views.settle, name="settle"),
]
