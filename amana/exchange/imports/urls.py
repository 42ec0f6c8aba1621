from django.urls import path

from amana.exchange.imports.views import import_pages, mapping_pages, name_pages

app_name = "imports"

urlpatterns = [
    path("", import_pages.start, name="start"),
    path("files/<uuid:pk>/", mapping_pages.columns, name="columns"),
    path("files/<uuid:pk>/words/", mapping_pages.terms, name="terms"),
    path("files/<uuid:pk>/preview/", mapping_pages.preview, name="preview"),
    path("files/<uuid:pk>/bring/", mapping_pages.bring, name="bring"),
    path("files/<uuid:pk>/discard/", mapping_pages.discard, name="discard"),
    path("files/<uuid:pk>/mapping.json", mapping_pages.mapping_file, name="mapping"),
    path("<uuid:pk>/", import_pages.brought, name="brought"),
    path("<uuid:pk>/proceed/", import_pages.proceed, name="proceed"),
    path("<uuid:pk>/names/<slug:kind>/", name_pages.names, name="names"),
    path("<uuid:pk>/take-in/", import_pages.take_in, name="take_in"),
    path(
        "<uuid:pk>/coordinates/<slug:kind>/<slug:decision>/",
        import_pages.coordinates,
        name="coordinates",
    ),
    path("<uuid:pk>/undo/", import_pages.undo, name="undo"),
    path("<uuid:pk>/rows/<slug:outcome>/", import_pages.rows, name="rows"),
    path("<uuid:pk>/mend/<int:number>/", import_pages.mend, name="mend"),
]
