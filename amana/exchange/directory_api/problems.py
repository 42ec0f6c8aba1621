"""What the API says where it can't answer: a sentence, as RFC 9457 has it."""

import json
from http import HTTPStatus

from django.http import HttpResponse

MEDIA = "application/problem+json"


class Problem(Exception):
    """The answer is this sentence."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, sentence: str, parameter: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.parameter = parameter

    def answer(self) -> HttpResponse:
        content = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.sentence,
        }
        if self.parameter:
            content["parameter"] = self.parameter
        text = json.dumps(content, ensure_ascii=False)
        return HttpResponse(
            text,
            status=self.status,
            content_type=MEDIA,
            headers={"Cache-Control": "no-store"} | self.list_headers(),
        )

    def list_headers(self) -> dict[str, str]:
        return {}


class BadQuestion(Problem):
    """A parameter is unknown or can't be read."""


class WrongKey(Problem):
    status = HTTPStatus.UNAUTHORIZED

    def list_headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": 'Bearer realm="directory"'}


class NotListed(Problem):
    status = HTTPStatus.NOT_FOUND


class NotAllowed(Problem):
    status = HTTPStatus.METHOD_NOT_ALLOWED

    def list_headers(self) -> dict[str, str]:
        return {"Allow": "GET, HEAD, OPTIONS"}


class Later(Problem):
    """Ask again after some seconds."""

    def __init__(self, sentence: str, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds

    def list_headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.seconds)}


class TooMany(Later):
    status = HTTPStatus.TOO_MANY_REQUESTS


class Preparing(Later):
    status = HTTPStatus.SERVICE_UNAVAILABLE
