"""A page of HSDS, or all of it as a stream of lines."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from amana.exchange.directory_api.parameters import NDJSON, Question

JSON_MEDIA = "application/json"
LINES_MEDIA = "application/x-ndjson"

type Record = dict[str, Any]


def dump_json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def answer_json(found: object) -> HttpResponse:
    return HttpResponse(dump_json(found), content_type=JSON_MEDIA)


def answer_list(
    question: Question,
    *,
    total: Callable[[], int],
    page: Callable[[int, int], list[Record]],
    stream: Callable[[], Iterable[Record]],
) -> HttpResponseBase:
    """Answer with one page, or with all as lines that are written while they are
    read."""
    if question.format == NDJSON:
        return stream_text(iterate_lines(stream()), LINES_MEDIA)
    # By number, although pages shift when the directory changes meanwhile: HSDS asks
    # for pages by number, and a stream does not shift.
    start = (question.page - 1) * question.size
    return answer_json(
        build_page(question, total(), page(start, start + question.size))
    )


def stream_text(parts: Iterable[str], media: str) -> StreamingHttpResponse:
    chunks = (part.encode() for part in parts)
    return StreamingHttpResponse(chunks, content_type=media)


def iterate_lines(found: Iterable[Record]) -> Iterator[str]:
    for record in found:
        yield dump_json(record) + "\n"


def build_page(question: Question, total: int, contents: list[Record]) -> Record:
    """Build the envelope of HSDS around a page; one after the last is empty."""
    pages = -(-total // question.size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": question.page,
        "size": len(contents),
        "first_page": question.page == 1,
        "last_page": question.page >= pages,
        "empty": not contents,
        "contents": contents,
    }
