"""A link to a service's web page leads to a web page and nowhere else."""

import pytest

from amana.exchange.hsds import reading
from amana.exchange.hsds.tests.test_phones import SERVICE
from amana.exchange.rows import ServiceRow


def read(url: str) -> ServiceRow:
    row = reading.read_service("service 1", SERVICE | {"url": url})
    assert isinstance(row, ServiceRow)
    return row


@pytest.mark.parametrize(
    "url", ["https://lake.example.org/help", "http://lake.example"]
)
def test_the_address_of_a_web_page_is_taken(url: str) -> None:
    assert read(url).values["website"] == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "lake house",
        "ftp://lake.example.org",
        f"https://lake.example.org/{'a' * 200}",
    ],
)
def test_anything_else_is_left_out_and_said(url: str) -> None:
    row = read(url)
    assert "website" not in row.values
    assert any(
        "is not the address of a web page, or is too long" in remark
        for remark in row.remarks
    )
