"""A file is opened as tables, by what is in it."""

import io

import pytest
from openpyxl import Workbook

from amana.confined import NotRead
from amana.errors import Unreadable
from amana.exchange.sources import opening
from amana.exchange.sources.opening import open_file, pack_file, read_file, unpack_file
from amana.exchange.sources.source_tables import MAIN
from amana.exchange.sources.tests.conftest import to_csv, to_json, to_zip

CLINIC = {"name": "Clinic of the port", "city": "Rivemare"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_has_whatever_delimiter(delimiter):
    blob = to_csv([CLINIC, {"name": 'Says "hello", twice', "city": "X"}], delimiter)
    [table] = read_file(blob).tables

    assert (table.name, table.columns) == (MAIN, ["name", "city"])
    assert [row.number for row in table.rows] == [2, 3]
    assert table.rows[1].values["name"] == 'Says "hello", twice'


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "اسم الخدمة,المدينة\nعيادة الميناء,طرابلس\n"),
        ("utf-16", "اسم الخدمة,المدينة\nعيادة الميناء,طرابلس\n"),
        (
            "cp1256",
            "اسم الخدمة,المدينة\n" + "عيادة الميناء في وسط المدينة,طرابلس\n" * 9,
        ),
        ("cp1252", "Nom du service,Ville\n" + "Médecine générale à côté,Béziers\n" * 9),
    ],
)
def test_a_table_has_whatever_encoding(encoding, text):
    [table] = read_file(text.encode(encoding)).tables

    assert table.columns == text.split("\n")[0].split(",")
    assert table.rows[0].values[table.columns[1]] == text.split("\n")[1].split(",")[1]


def test_titles_above_a_table_and_hashtags_below_its_head_are_no_rows():
    text = (
        "Services 2026,,\n\nName,Town,Phone\n#service,#adm2,#contact\n"
        "Clinic,Rivemare,1\n"
    )
    [table] = read_file(text.encode()).tables

    assert table.columns == ["Name", "Town", "Phone"]
    assert [(row.number, row.values["Name"]) for row in table.rows] == [(5, "Clinic")]


def test_a_heading_twice_or_none_is_told_apart():
    [table] = read_file(b"name,phone,phone,\nClinic,1,2,3\n").tables

    assert table.columns == ["name", "phone", "phone (3)", "column 4"]
    assert list(table.rows[0].values.values()) == ["Clinic", "1", "2", "3"]


def test_cells_may_have_several_lines():
    [table] = read_file(to_csv([{"name": "A", "hours": "Mon\nTue"}] * 2)).tables

    assert table.rows[0].values["hours"] == "Mon\nTue"
    assert len(table.rows) == 2


def test_each_sheet_of_a_workbook_is_a_table():
    book, out = Workbook(), io.BytesIO()
    book.active.title = "Services"
    for row in (["Directory of the port"], ["Name", "Beds"], ["Clinic", 3]):
        book.active.append(row)
    book.create_sheet("Empty")
    book.save(out)

    [table] = read_file(out.getvalue()).tables
    assert table.name == "Services"
    assert table.rows[0].values == {"Name": "Clinic", "Beds": "3"}


def test_objects_are_columns_and_lists_of_objects_are_tables():
    service = CLINIC | {
        "organization": {"name": "Port Health"},
        "phones": [{"number": "1"}, {"number": "2"}],
        "languages": ["ar", "fr"],
        "tags": [],
    }
    main, phones = read_file(to_json([CLINIC, service])).tables

    assert main.columns == ["name", "city", "organization.name", "languages", "tags"]
    assert main.rows[1].values["languages"] == ["ar", "fr"]
    assert (phones.name, phones.above) == ("phones", MAIN)
    assert [row.above for row in phones.rows] == [1, 1]


def test_an_object_that_lists_words_is_one_cell():
    records = [{"access": {"Walk-in": True}}, {"access": {"Phone": True, "Visit": 1}}]
    [table] = read_file(to_json(records)).tables

    assert table.columns == ["access"]
    assert list(table.iterate_values("access")) == [["Walk-in"], ["Phone", "Visit"]]


@pytest.mark.parametrize("bare", [True, False])
def test_features_of_a_map_are_rows(bare):
    feature = {
        "type": "Feature",
        "id": 7,
        "properties": CLINIC,
        "geometry": {"type": "Point", "coordinates": [12.5, 41.9]},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    [table] = read_file(to_json([feature] if bare else collection)).tables

    assert table.rows[0].values == CLINIC | {
        "id": "7",
        "@longitude": "12.5",
        "@latitude": "41.9",
    }


def test_a_page_that_states_another_number_than_it_holds_is_noted():
    wrong = {"total_items": 31, "total_pages": 1, "contents": [CLINIC] * 40}
    [note] = read_file(to_json(wrong)).notes
    assert "31" in note
    assert "40" in note

    one_of = {"total_items": 90, "total_pages": 3, "contents": [CLINIC] * 40}
    assert "other pages" in read_file(to_json(one_of)).notes[0]
    right = {"total_items": 40, "contents": [CLINIC] * 40}
    assert read_file(to_json(right)).notes == []


def test_one_service_with_its_telephones_is_no_page():
    said = {"id": 1, "name": "Clinic", "phones": [{"number": "1"}]}
    assert [table.name for table in read_file(to_json(said)).tables] == [MAIN, "phones"]


def test_lines_of_json_are_rows():
    blob = b"\n".join(map(to_json, [CLINIC, CLINIC]))
    assert len(read_file(blob).tables[0].rows) == 2


def test_a_zip_holds_several_tables_and_what_is_none_is_named():
    blob = to_zip(
        {
            "data/services.csv": to_csv([CLINIC]),
            "data/phones.json": to_json([{"number": "1"}]),
            "README.md": b"Hello",
            "__MACOSX/services.csv": b"junk",
        }
    )
    file = read_file(blob)

    assert {table.name for table in file.tables} == {"services", "phones"}
    assert file.notes == ["README.md was not read. It is no table."]


def test_what_is_no_object_in_a_list_is_a_row_all_the_same():
    [table] = read_file(to_json([CLINIC, "a word", CLINIC])).tables
    assert [bool(row.values) for row in table.rows] == [True, False, True]


def test_a_file_is_packed_and_unpacked_as_it_was():
    file = read_file(to_json([CLINIC | {"phones": [{"number": "1"}]}, {"x": ["a"]}]))
    again = unpack_file(pack_file(file))

    for before, after in zip(file.tables, again.tables, strict=True):
        assert (before.name, before.columns, before.above) == (
            after.name,
            after.columns,
            after.above,
        )
        assert before.rows == after.rows


@pytest.mark.parametrize(
    ("blob", "reason"),
    [
        (b"", "no rows"),
        (b"[]", "no rows"),
        (b"{}", "no rows"),
        (b"3", "no rows"),
        (b"{not JSON}", "not JSON"),
        (b'name,city\n"Clinic,Rivemare\n', "never closed"),
        (bytes(range(256)) * 20, "neither text nor a workbook"),
        (b"[" * 200_000, "nested too deeply"),
        (to_json({"a": {"b": {}}} | {"x": [{"y": 1}]} | {"name": 1}), ""),
        (to_zip({"a.pdf": b"%PDF"}), "no rows"),
    ],
)
def test_what_cannot_be_read_says_why(blob, reason):
    if not reason:
        assert read_file(blob).tables
        return
    with pytest.raises(Unreadable, match=reason):
        read_file(blob)


def test_values_in_one_another_have_an_end():
    deep: dict[str, object] = {}
    for _ in range(30):
        deep = {"in": deep, "n": 1}
    with pytest.raises(Unreadable, match="nested too deeply"):
        read_file(to_json([deep]))


def test_all_files_of_a_zip_together_have_a_most(monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 1_000)
    with pytest.raises(Unreadable, match="unpacks to more than 100 MB"):
        read_file(to_zip({"a.csv": b"id,name\n" * 200}))


def test_rows_and_columns_have_a_most(monkeypatch):
    monkeypatch.setattr(opening, "MOST_ROWS", 10)
    with pytest.raises(Unreadable, match="more than 300,000 rows"):
        read_file(b"id,name\n" + b"1,x\n" * 11)
    wide = ",".join(f"c{n}" for n in range(501))
    with pytest.raises(Unreadable, match="more than 500 columns"):
        read_file(f"{wide}\n{wide}x\n".encode())


def test_what_fills_the_memory_is_too_much():
    with pytest.raises(NotRead):
        open_file(b"[" + b"{}," * 12_000_000 + b"{}]", by=None)


def test_a_file_is_opened_in_another_process_and_comes_back():
    assert open_file(to_csv([CLINIC]), by=None).tables[0].rows[0].values == CLINIC
