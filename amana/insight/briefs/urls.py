from django.urls import path

from amana.insight.briefs import public_briefs, views

app_name = "briefs"
urlpatterns = [
    path("briefs/", views.briefs, name="briefs"),
    path("briefs/new", views.new, name="new"),
    path("briefs/<int:pk>/", views.brief, name="brief"),
    path("briefs/<int:pk>/<slug:language>/", views.brief, name="brief_in"),
    path("briefs/<int:pk>/<slug:language>/look", views.look, name="look"),
    path("briefs/<int:pk>/<slug:language>/<slug:part>/edit", views.edit, name="edit"),
    path("briefs/<int:pk>/<slug:language>.<slug:format>", views.file, name="file"),
    path("briefs/<int:pk>/ask", views.ask, name="ask"),
    path("briefs/<int:pk>/publish", views.publish, name="publish"),
    path("briefs/<int:pk>/put-away", views.put_away, name="put_away"),
    path("briefs/<int:pk>/go-on", views.go_on, name="go_on"),
    path("briefs/new-report", views.new_report, name="new_report"),
    path("report/", public_briefs.reports, name="reports"),
    path("report/<int:year>/", public_briefs.report, name="report"),
    path(
        "report/<int:year>/<int:number>/", public_briefs.report, name="report_edition"
    ),
    path(
        "report/<int:year>/<int:number>/<slug:language>.<slug:format>",
        public_briefs.report_file,
        name="report_file",
    ),
    path("asked/", public_briefs.asked, name="asked"),
    path("asked/<int:pk>/", public_briefs.one, name="asked_one"),
    path("asked/<int:pk>/<slug:language>/", public_briefs.one, name="asked_in"),
    path(
        "asked/<int:pk>/<slug:language>.<slug:format>",
        public_briefs.file,
        name="asked_file",
    ),
]
