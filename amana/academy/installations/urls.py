from django.urls import path

from amana.academy.installations import toolkit_views, views

app_name = "installations"
urlpatterns = [
    path("<uuid:pk>/", views.lead_out, name="outside"),
    path("<uuid:pk>/in/", views.inside, name="enter"),
    path("<uuid:pk>/in/<path:page>", views.inside, name="inside"),
    path("<uuid:pk>/progress", views.progress, name="progress"),
    path("toolkits/offered/", toolkit_views.offers, name="offers"),
    path("toolkits/<int:pk>/accept", toolkit_views.accept, name="accept"),
    path("toolkits/<int:pk>/withdraw", toolkit_views.withdraw, name="withdraw"),
    path("toolkits/<int:pk>/download", toolkit_views.download, name="download"),
    path("work/<int:pk>/offer/", toolkit_views.offer, name="offer"),
    path("<slug:slug>/", views.home, name="home"),
    path("<slug:slug>/open", views.open_installation, name="open"),
    path("<slug:slug>/join", views.join, name="join"),
    path("<slug:slug>/leave", views.leave, name="leave"),
    path("<slug:slug>/close/", views.close, name="close"),
    path("<slug:slug>/<slug:code>/hand-in/", views.hand_in, name="hand_in"),
]
