"""Who asks too often is told when to ask again."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def few(settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "directory": "3/m/ip",
        "directory_whole": "1/m/ip",
        "directory_key": "5/m/key",
        "directory_whole_key": "2/m/key",
    }


def statuses(ask, times: int, path: str = "services", **said) -> list[int]:
    return [ask(path, **said).status_code for _time in range(times)]


def test_an_address_asks_so_often_a_minute(ask, directory):
    assert statuses(ask, 5) == [200, 200, 200, 429, 429]
    answer = ask("services")
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "More than 3 requests in a minute." in answer.json()["detail"]


def test_the_time_of_a_limit_is_written_as_it_is(ask, directory, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "directory": "1/h/ip"
    }
    statuses(ask, 1)
    assert "More than 1 requests in 60 minutes." in ask("services").json()["detail"]


def test_everything_at_once_is_counted_by_itself(ask, directory):
    assert statuses(ask, 2, format="ndjson") == [200, 429]
    assert statuses(ask, 1, "/api/services.geojson") == [429]
    assert statuses(ask, 1, "/api/services.hxl.csv") == [429]
    assert statuses(ask, 1) == [200]


def test_a_key_has_limits_of_its_own(ask, directory, secret):
    assert statuses(ask, 4) == [200, 200, 200, 429]
    assert statuses(ask, 6, key=secret) == [200] * 5 + [429]
    assert statuses(ask, 3, key=secret, format="ndjson") == [200, 200, 429]


def test_a_wrong_key_is_no_way_around_the_limit(ask, directory):
    assert statuses(ask, 2, key="wrong") == [401, 401]
    assert statuses(ask, 2) == [200, 429]
    assert statuses(ask, 1, key="wrong") == [429]
