from django.urls import include, path, register_converter

from amana.design.mechanism.outline import KINDS
from amana.design.mechanism.pieces import COLLECTIONS
from amana.design.mechanism.views import (
    agreeing,
    comparing,
    decision_table_pages,
    editing,
    file_pages,
    overview,
    reader_pages,
    retirement,
    role_players,
    texts,
)
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(COLLECTIONS), "collection")
register_converter(build_word_converter(editing.ONLY), "only")
register_converter(build_word_converter(KINDS), "stepkind")

app_name = "mechanism"

urlpatterns = [
    path("", reader_pages.now, name="now"),
    path("versions/", reader_pages.versions, name="versions"),
    path("load/", agreeing.load, name="load"),
    # reading a version
    path("<int:pk>/", overview.version, name="version"),
    path("<int:pk>/steps/", reader_pages.steps, name="steps"),
    path("<int:pk>/steps/<slug:step>/", reader_pages.step, name="step"),
    path("<int:pk>/who/", reader_pages.who, name="who"),
    path("<int:pk>/duties/", reader_pages.duties, name="duties"),
    path("<int:pk>/clocks/", reader_pages.clocks, name="clocks"),
    path("<int:pk>/law/", reader_pages.law, name="law"),
    path("<int:pk>/sharing/", reader_pages.sharing, name="sharing"),
    path("<int:pk>/glossary/", reader_pages.glossary, name="glossary"),
    path("<int:pk>/indicators/", reader_pages.indicators, name="indicators"),
    path("<int:pk>/tables/", decision_table_pages.tables, name="tables"),
    path("<int:pk>/texts/", texts.texts, name="texts"),
    path("<int:pk>/texts/<slug:code>/in/<slug:language>/", texts.one_text, name="text"),
    path("<int:pk>/files/", file_pages.files, name="files"),
    path("<int:pk>/files/<int:file>/", file_pages.one_file, name="file"),
    path("<int:pk>/files/all/", file_pages.download, name="download"),
    path("", include("amana.design.mechanism.documents.urls")),
    path("", include("amana.design.simulation.urls")),
    # compared with another version
    path("<int:pk>/differences/", comparing.differences, name="differences"),
    path(
        "<int:pk>/differences/<int:other>/",
        comparing.differences,
        name="differences_from",
    ),
    path("<int:pk>/steps/<slug:step>/beside/", comparing.step, name="step_beside"),
    path(
        "<int:pk>/texts/<slug:code>/in/<slug:language>/beside/",
        comparing.text,
        name="text_beside",
    ),
    # changing a draft
    path("<int:pk>/change/<only:part>/", editing.only, name="only"),
    path("<int:pk>/steps/<slug:step>/change/", editing.change_step, name="change_step"),
    path(
        "<int:pk>/steps/<slug:step>/after/<stepkind:kind>/",
        editing.add_step,
        name="add_step",
    ),
    path("<int:pk>/steps/<slug:step>/remove/", editing.remove_step, name="remove_step"),
    path("<int:pk>/steps/<slug:step>/code/", editing.rename_step, name="rename_step"),
    path("<int:pk>/add/<collection:kind>/", editing.add_one, name="add_one"),
    path(
        "<int:pk>/<collection:kind>/<slug:code>/change/",
        editing.change_one,
        name="change_one",
    ),
    path(
        "<int:pk>/<collection:kind>/<slug:code>/remove/",
        editing.remove_one,
        name="remove_one",
    ),
    path(
        "<int:pk>/tables/<slug:code>/change/",
        decision_table_pages.change_table,
        name="change_table",
    ),
    path(
        "<int:pk>/tables/<slug:code>/add/", decision_table_pages.add_row, name="add_row"
    ),
    path(
        "<int:pk>/tables/<slug:code>/<int:row>/change/",
        decision_table_pages.change_row,
        name="change_row",
    ),
    path(
        "<int:pk>/tables/<slug:code>/<int:row>/remove/",
        decision_table_pages.remove_row,
        name="remove_row",
    ),
    path(
        "<int:pk>/tables/<slug:code>/<int:row>/raise/",
        decision_table_pages.raise_row,
        name="raise_row",
    ),
    path("<int:pk>/texts/add/", texts.add_chapter, name="add_chapter"),
    path(
        "<int:pk>/texts/<slug:code>/in/<slug:language>/change/",
        texts.change_text,
        name="change_text",
    ),
    path(
        "<int:pk>/texts/<slug:code>/remove/",
        texts.remove_chapter,
        name="remove_chapter",
    ),
    path("<int:pk>/forms/add/", file_pages.put_form, name="put_form"),
    path(
        "<int:pk>/files/<int:file>/replace/",
        file_pages.replace_file,
        name="replace_file",
    ),
    path(
        "<int:pk>/files/<int:file>/remove/", file_pages.remove_form, name="remove_form"
    ),
    # from a draft to what is in force
    path("<int:pk>/begin/", agreeing.begin, name="begin"),
    path("<int:pk>/discard/", agreeing.discard, name="discard"),
    path("<int:pk>/consult/", agreeing.consult, name="consult"),
    path("<int:pk>/take-back/", agreeing.take_back, name="take_back"),
    path("<int:pk>/comments/", agreeing.comments, name="comments"),
    path("<int:pk>/comment/", agreeing.comment, name="comment"),
    path("comments/<int:pk>/settle/", agreeing.settle, name="settle"),
    path("<int:pk>/signatures/", agreeing.adoption, name="adoption"),
    path("<int:pk>/sign/<int:organisation>/", agreeing.sign, name="sign"),
    path("<int:pk>/adopt/", agreeing.adopt, name="adopt"),
    path("<int:pk>/in-force/", agreeing.put_in_force, name="put_in_force"),
    # who is meant by the names in it
    path("of/<int:pk>/organisations/", role_players.seats, name="seats"),
    path("of/<int:pk>/teams/", role_players.teams, name="teams"),
    path("of/<int:pk>/retire/", retirement.retire, name="retire"),
    path("of/<int:pk>/keep/", retirement.keep_in_use, name="keep_in_use"),
    path("parts/<int:pk>/end/", role_players.end_part, name="end_part"),
]
