"""What other programs read in our files: each of them one that we did not write."""

import csv
import io
import json
import re
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import openpyxl
import pytest

from amana.exchange.figures import counts, ctdc, dhis2, long, sdg, workbook
from amana.exchange.figures.hxl import write_hxl
from amana.exchange.figures.release_formats import FORMATS
from amana.exchange.figures.tests.conftest import INHABITANTS

UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")


def test_no_count_in_any_file_is_of_a_small_group(out):
    assert any(
        count.value is None for count in counts.iterate_counts(out)
    )  # four of them
    assert all(
        n == 0 or n >= out.smallest for _count, n in counts.iterate_shown_counts(out)
    )
    for file_format in FORMATS.values():
        assert file_format.write(out), file_format.code


def test_parquet_is_read_by_arrow_with_every_count(out):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(io.BytesIO(long.write_parquet_file(out)))

    assert tuple(table.column_names) == long.COLUMNS
    rows = table.to_pylist()
    assert len(rows) == len(list(counts.iterate_counts(out)))
    assert sum(r["count"] or 0 for r in rows) == sum(
        n for _c, n in counts.iterate_shown_counts(out)
    )
    assert all((r["count"] is None) == r["hidden"] for r in rows)


def test_the_long_table_is_read_by_duckdb_as_it_was_written(out, tmp_path):
    import duckdb

    file = tmp_path / "counts.csv"
    file.write_bytes(long.write_csv(out))
    with duckdb.connect() as database:
        found = database.execute(
            f"SELECT sex, count FROM '{file}' WHERE sex <> '' AND quarter IS NULL "
            "AND state = 'all' AND NOT hidden"
        ).fetchall()

    by_sex = {
        c.codes["sex"]: n
        for c, n in counts.iterate_shown_counts(out)
        if [*c.codes] == ["sex"]
    }
    assert by_sex
    assert dict(found) == by_sex


def test_a_spreadsheet_has_a_sheet_for_each_table_and_no_formula(out):
    out.mechanism = "=HYPERLINK(1)"  # people type what it is called
    book = openpyxl.load_workbook(io.BytesIO(workbook.write_xlsx(out)))

    assert len(book.sheetnames) == 1 + len(out.chosen)
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]


@pytest.mark.filterwarnings("ignore")
def test_hxl_is_read_by_its_own_library(out):
    import hxl

    with hxl.data(
        io.BytesIO(write_hxl(out)), hxl.InputOptions(allow_local=True)
    ) as data:
        assert "#indicator+value+num" in [c.display_tag for c in data.columns]
        whole = data.with_rows(["#indicator+state+code=all", "#affected+sex+code="])
        values = [row.get("#indicator+value+num") for row in whole]
    assert str(max(n for _count, n in counts.iterate_shown_counts(out))) in values


class Ministry(BaseHTTPRequestHandler):
    """A DHIS2 that takes what it is sent, and remembers it."""

    got: dict[str, Any] = {}

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.got[self.path.partition("?")[0]] = json.loads(self.rfile.read(size))
        answer = json.dumps({"status": "OK"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *said: object) -> None:
        """Nothing on the screen."""


@pytest.mark.filterwarnings("ignore")
def test_dhis2s_own_client_carries_the_values(out):
    from dhis2_client import DHIS2Client

    server = HTTPServer(("127.0.0.1", 0), Ministry)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        client = DHIS2Client(
            f"http://127.0.0.1:{server.server_port}", username="a", password="b"
        )
        client.post_data_value_set(json.loads(dhis2.write_values(out)))
    finally:
        server.shutdown()
        server.server_close()

    [values] = Ministry.got.values()
    told = json.loads(dhis2.write_metadata(out))
    elements = {element["id"] for element in told["dataElements"]}
    units = {unit["id"] for unit in told["organisationUnits"]}
    assert values["dataValues"]
    for value in values["dataValues"]:
        assert {value["dataElement"], value["orgUnit"]} <= elements | units
        assert re.fullmatch(r"\d{4}(Q[1-4])?", value["period"])
        assert re.fullmatch(r"\d+", value["value"])
    assert all(UID.fullmatch(element) for element in elements | units)
    places = [
        (o["dataElement"], o["period"], o["orgUnit"]) for o in values["dataValues"]
    ]
    assert len(places) == len(set(places))  # DHIS2 keeps one value for each


@pytest.mark.filterwarnings("ignore")
def test_the_sdg_table_is_read_by_a_program_for_sdmx(out, settings, tmp_path):
    from pysdmx.io import read_sdmx

    settings.COUNTRY = "XM"
    file = tmp_path / "sdg.csv"
    file.write_bytes(sdg.write_sdmx(out))
    read: Any = read_sdmx(file)
    [dataset] = read.data
    rows = dataset.data.to_dict("records")

    whole = next(
        n for c, n in counts.iterate_shown_counts(out) if not c.at and c.state == "all"
    )
    [found] = [
        float(row["OBS_VALUE"])
        for row in rows
        if (row["SERIES"], row["SEX"], row["AGE"]) == ("VC_HTF_DETV", "_T", "_T")
    ]
    assert found == pytest.approx(whole / INHABITANTS * 100_000, abs=0.001)
    keys = [(row["SERIES"], row["SEX"], row["AGE"]) for row in rows]
    assert len(keys) == len(set(keys)) > 5


def test_forms_in_ctdcs_columns_add_up_to_those_we_know(out):
    rows = list(csv.DictReader(io.StringIO(ctdc.write_ctdc(out).decode())))

    labour = sum(int(r["count"]) for r in rows if r["isForcedLabour"] == "1")
    ours = sum(
        n
        for c, n in counts.iterate_shown_counts(out)
        if c.codes.get("exploitation") in ("labour", "domestic") and c.state == "all"
    )
    assert labour == ours > 0
    assert {r["gender"] for r in rows} == {"", "Man", "Woman"}
