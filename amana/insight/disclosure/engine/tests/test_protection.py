from dataclasses import replace

import numpy as np
import pytest

from amana.insight.disclosure.engine import Protected, Table, protect

SEX = ("female", "male")
AREA = ("north", "south", "east")


def table(name: str, dims: dict[str, tuple[str, ...]], counts: object) -> Table:
    return Table(
        name, tuple(dims), tuple(dims.values()), np.array(counts, dtype=np.int64)
    )


def shown(safe: Protected) -> list[int | None]:
    return [
        int(n) if yes else None
        for n, yes in zip(safe.values.ravel(), safe.shown.ravel(), strict=True)
    ]


def test_small_groups_and_empty_ones_are_hidden_alike_and_the_rest_is_rounded():
    (safe,) = protect([table("closure", {"area": AREA}, [0, 3, 203])])

    assert shown(safe) == [None, None, 205]
    assert (safe.values[~safe.shown] == 0).all()


def test_nothing_is_rounded_to_a_number_that_looks_small():
    (safe,) = protect([table("closure", {"area": AREA}, [11, 12, 13])])

    assert shown(safe) == [None, None, 15]


def test_what_a_total_would_give_away_is_hidden_too():
    total = table("closure", {}, 506)
    split = table("closure", {"area": AREA}, [6, 100, 400])

    everything, by_area = protect([total, split])

    assert shown(everything) == [505]
    assert shown(by_area) == [None, None, 400]


def test_so_little_that_rounding_hides_it_costs_nothing_more():
    total, split = protect(
        [table("closure", {}, 202), table("closure", {"sex": SEX}, [1, 201])]
    )

    assert shown(total) == [200]
    assert shown(split) == [None, 200]


def test_a_part_must_not_give_away_how_few_are_in_the_rest():
    whole = table("answer", {"sex": SEX}, [300, 200])
    part = table("answer:accepted", {"sex": SEX}, [294, 100])

    all_, accepted = protect([whole, part])

    assert not (all_.shown[0] and accepted.shown[0])
    assert all_.shown.any()


def test_a_sum_hidden_in_one_table_can_not_be_added_up_in_another():
    by_area = table("closure", {"area": AREA}, [6, 100, 400])
    both = table("closure", {"area": AREA, "sex": SEX}, [[3, 3], [50, 50], [200, 200]])

    one, two = protect([by_area, table("closure", {}, 506), both])[::2]

    assert not one.shown[1]
    assert not two.shown[1].all()


def test_what_was_published_and_changed_a_little_is_not_published_anew():
    before = protect([table("closure", {"area": AREA}, [100, 100, 100])])

    (now,) = protect(
        [table("closure", {"area": AREA}, [101, 104, 120])], earlier=before
    )

    assert shown(now) == [100, None, 120]


def test_each_earlier_table_must_be_counted_again():
    before = protect([table("closure", {"sex": SEX}, [100, 100])])

    with pytest.raises(ValueError, match="Count again"):
        protect([table("closure", {"area": AREA}, [100, 50, 50])], earlier=before)


def test_tables_whose_sums_disagree_are_refused():
    with pytest.raises(ValueError, match="unknown"):
        protect(
            [
                table("closure", {"sex": SEX}, [100, 100]),
                table("closure", {"sex": SEX, "area": AREA}, [[30] * 3, [30] * 3]),
            ]
        )


def test_the_order_of_a_tables_dimensions_stays():
    (safe,) = protect(
        [table("closure", {"sex": SEX, "area": AREA}, [[100, 200, 300], [15, 20, 25]])]
    )

    assert safe.dims == ("sex", "area")
    assert safe.value("female", "south") == 200
    assert safe.value("male", "east") == 25


@pytest.mark.parametrize("headline", [False, True])
def test_a_headline_is_hidden_after_what_it_is_split_by(headline):
    """19 of 259, in six months: no month has enough to hide its quarter alone."""
    dims = {"state": ("few", "many"), "quarter": ("1", "2"), "third": ("1", "2", "3")}
    counts = np.array([[[2, 2, 1], [5, 4, 5]], [[40] * 3] * 2])
    by_month = table("loop", dims, counts)
    by_quarter = table("loop", dict(list(dims.items())[:2]), counts.sum(axis=2))
    whole = table("loop", {"state": dims["state"]}, counts.sum(axis=(1, 2)))

    first, *others = protect([replace(whole, headline=headline), by_quarter, by_month])

    assert shown(first) == ([20, 240] if headline else [None, None])
    assert any(other.shown.any() for other in others)
