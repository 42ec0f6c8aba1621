from django.urls import path

from amana.academy.cohorts.views import (
    cohort_pages,
    desk,
    entry_pages,
    inviting,
    mine,
    progress_pages,
    public,
)

app_name = "cohorts"
urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path("help", public.assistance, name="help"),
    path("ask", public.ask, name="ask"),
    path("sent", public.sent, name="sent"),
    path("apply/<int:pk>", public.apply, name="apply"),
    path("enrol/<int:pk>", entry_pages.enrol, name="enrol"),
    path("invited/<str:token>", entry_pages.invited, name="invited"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<uuid:pk>/accept", mine.accept, name="accept"),
    path("mine/<uuid:pk>/share", mine.share, name="share"),
    path("mine/<uuid:pk>/withdraw", mine.withdraw, name="withdraw"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<uuid:pk>/", desk.application, name="application"),
    path("desk/<uuid:pk>/answer", desk.answer, name="answer"),
    path("desk/<uuid:pk>/bring", desk.bring, name="bring"),
    path("desk/<uuid:pk>/offer", desk.offer, name="offer"),
    path("desk/<uuid:pk>/link", desk.link, name="link"),
    path("desk/<uuid:pk>/say/<slug:step>", desk.say, name="say"),
    path("desk/attempts/<int:pk>", desk.open_attempts, name="open_attempts"),
    path("desk/cohorts/<int:pk>/", cohort_pages.cohort, name="cohort"),
    path("desk/cohorts/<int:pk>/change", cohort_pages.change, name="change"),
    path("desk/cohorts/<int:pk>/invite", cohort_pages.invite, name="invite"),
    path("desk/cohorts/<int:pk>/progress", progress_pages.progress, name="progress"),
    path(
        "desk/cohorts/<int:pk>/progress.csv",
        progress_pages.progress_file,
        name="progress_file",
    ),
    path("desk/cohorts/<int:pk>/messages", progress_pages.messages, name="messages"),
    path("desk/cohorts/<int:pk>/report", progress_pages.report, name="report"),
    path(
        "desk/cohorts/<int:pk>/report.csv",
        progress_pages.report_file,
        name="report_file",
    ),
    path("desk/cohorts/<int:pk>/cancel", cohort_pages.cancel, name="cancel"),
    path(
        "desk/cohorts/<int:pk>/invitations/",
        inviting.invitations,
        name="invitations",
    ),
    path(
        "desk/cohorts/<int:pk>/invitations/list", inviting.send_list, name="send_list"
    ),
    path(
        "desk/invitations/<int:pk>/withdraw",
        inviting.withdraw,
        name="withdraw_invitation",
    ),
    path("desk/invitations/<int:pk>/again", inviting.again, name="mail_again"),
    path("desk/open/<slug:slug>", cohort_pages.begin, name="begin"),
    path("<slug:slug>/", public.course, name="course"),
    path("<slug:slug>/ask", public.ask, name="ask_about"),
]
