from django.urls import path

from amana.care.screening import views

app_name = "screening"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/<int:team>/<int:version>/<slug:slug>/", views.begin, name="begin"),
    path("case/<uuid:case>/<int:version>/<slug:slug>/", views.in_case, name="in_case"),
    path("<uuid:pk>/", views.result, name="result"),
    path("<uuid:pk>/print/", views.printed, name="print"),
    path("<uuid:pk>/judge/", views.judge, name="judge"),
    path("<uuid:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:pk>/open/", views.open_case, name="open_case"),
    path("<uuid:pk>/add/<uuid:case>/", views.add_to_case, name="add_to_case"),
    path("<uuid:pk>/end/", views.end, name="end"),
]
