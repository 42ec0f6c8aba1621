from django.urls import path

from amana.insight.release import noised_views, public_releases, views

app_name = "release"
urlpatterns = [
    path("releases/", views.releases, name="list"),
    path("releases/new", views.new, name="new"),
    path("releases/check", views.check, name="check"),
    path("releases/noised/", noised_views.noised, name="noised"),
    path("releases/noised/<int:pk>/", noised_views.noised_one, name="noised_one"),
    path("releases/noised/<int:pk>/sign", noised_views.sign, name="sign_noised"),
    path("published/noised/<int:pk>/", noised_views.public_noised, name="out_noised"),
    path("releases/<int:pk>/", views.one, name="one"),
    path("releases/<int:pk>/tables/<int:number>", views.table, name="table"),
    path("releases/<int:pk>/sign", views.sign, name="sign"),
    path("releases/<int:pk>/put-away", views.put_away, name="put_away"),
    path("releases/<int:pk>/restate", views.restate, name="restate"),
    path("published/", public_releases.releases, name="published"),
    path("published/<int:pk>/", public_releases.one, name="published_one"),
    path("published/<int:pk>/tables/<int:number>", public_releases.table, name="out"),
    path(
        "published/<int:pk>/tables/<int:number>.csv", public_releases.file, name="file"
    ),
]
