from django.urls import path

from amana.demo import signin

app_name = "demo"
urlpatterns = [path("", signin.signin, name="signin")]
