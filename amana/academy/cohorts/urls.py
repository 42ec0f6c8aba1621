from django.urls import path

from amana.academy.cohorts.views import cohorts, desk, mine, public

app_name = "cohorts"
urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path("help", public.assistance, name="help"),
    path("ask", public.ask, name="ask"),
    path("sent", public.sent, name="sent"),
    path("apply/<int:pk>", public.apply, name="apply"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<uuid:pk>/accept", mine.accept, name="accept"),
    path("mine/<uuid:pk>/withdraw", mine.withdraw, name="withdraw"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<uuid:pk>/", desk.application, name="application"),
    path("desk/<uuid:pk>/answer", desk.answer, name="answer"),
    path("desk/<uuid:pk>/bring", desk.bring, name="bring"),
    path("desk/<uuid:pk>/offer", desk.offer, name="offer"),
    path("desk/<uuid:pk>/link", desk.link, name="link"),
    path("desk/<uuid:pk>/say/<slug:step>", desk.say, name="say"),
    path("desk/cohorts/<int:pk>/", cohorts.cohort, name="cohort"),
    path("desk/cohorts/<int:pk>/change", cohorts.change, name="change"),
    path("desk/cohorts/<int:pk>/invite", cohorts.invite, name="invite"),
    path("desk/cohorts/<int:pk>/cancel", cohorts.cancel, name="cancel"),
    path("desk/open/<slug:slug>", cohorts.begin, name="begin"),
    path("<slug:slug>/", public.course, name="course"),
    path("<slug:slug>/ask", public.ask, name="ask_about"),
]
