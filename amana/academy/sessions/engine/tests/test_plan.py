"""What a course says of its live sessions, read with care."""

import pytest

from amana.academy.sessions.engine import plan


@pytest.mark.parametrize(
    ("said", "size"),
    [
        (4, 4),
        ("3-5", 3),
        ("in pairs", 4),
        ("1", 2),
        (None, 4),
        ("5²", 5),
        ("²", 4),
        ("1" * 5000, 111),
    ],
)
def test_the_size_of_a_group_is_read_from_what_the_course_says(said, size):
    assert plan.parse_group_size(said) == size
