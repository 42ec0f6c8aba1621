from django.urls import path

from amana.exchange.learning.lti import views

app_name = "lti"
urlpatterns = [
    path("login", views.login, name="login"),
    path("launch", views.launch, name="launch"),
    path("keys", views.keys, name="keys"),
    path("mine", views.mine, name="mine"),
    path("mine/<int:pk>/tell", views.tell, name="tell"),
    path("mine/<int:pk>/end", views.unlink, name="unlink"),
    path("from/<uuid:pk>/", views.arrive, name="arrive"),
    path("from/<uuid:pk>/enter", views.enter, name="enter"),
    path("systems/<slug:slug>/", views.platforms, name="platforms"),
    path("systems/<slug:slug>/<int:pk>/close", views.close, name="close"),
]
