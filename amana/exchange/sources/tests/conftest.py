"""Files as other people write them; none of them is ours."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

from amana.exchange.rows import ServiceRow
from amana.exchange.sources.guessing import guess_mapping
from amana.exchange.sources.opening import read_file
from amana.exchange.sources.reading import Reading, read_source

type Rows = Sequence[Mapping[str, object]]


def to_json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def to_csv(rows: Rows, delimiter: str = ",") -> bytes:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def to_zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def read_as_guessed(blob: bytes) -> Reading:
    """Read a file by the guess alone, without a decision of anyone."""
    file = read_file(blob)
    return read_source(file, guess_mapping(file))


def services(reading: Reading) -> list[ServiceRow]:
    return [row for row in reading.found if isinstance(row, ServiceRow)]
