"""Every term of the product is in docs/glossary.md once, as on screen and in code."""

from dataclasses import replace

import pytest

from .glossary_rules import PAGE, Product, faults, kinds_of_states, product, rows, terms

# --- the glossary, and the product as it is


def test_the_glossary_has_every_term_of_the_product() -> None:
    assert faults(terms(PAGE.read_text()), product()) == []


def test_every_source_is_in_the_list_of_sources() -> None:
    page = PAGE.read_text()
    keys = [key for key, _what in rows(page, ["short", "source"])]
    sources = [s for term in terms(page) for s in term.source.split("; ")]
    assert keys
    assert [s for s in sources if not s.startswith((*keys, "[ADR "))] == []
    assert [key for key in keys if not any(s.startswith(key) for s in sources)] == []


def test_the_product_is_read_whole() -> None:
    """A rule that finds nothing to compare would always be content."""
    has = product()
    assert set(kinds_of_states()) <= has.names
    assert {"cases.Case", "access.User", "ui.Submission"} <= has.models
    assert has.shown["referrals:sent"] == "Sent"
    assert has.shown["care.CASES"] == "Cases"
    assert has.shown["cases.Need.Status.OPEN"] == "Open"
    assert has.shown["referrals.ReferralStage.WORD"] == "Waiting for the person’s reply"
    assert ("Dossier", "الحالة") in has.catalogue["Case"]


# --- what the rules notice, on a small table


INVENTED = """
| English | français | العربية | in code | meaning | source |
|---|---|---|---|---|---|
| Basket | Panier | سلة | `shop.Basket` → `Cart`, `shop:basket` | Taken. | ours |
| Full (a basket) | Plein | ممتلئ | `shop.Basket.State.FULL` | No more fits in. | ours |
| Till | – | – | `shop.Till` | Where one pays. | ours |

| today | better |
|---|---|
| Bag | Basket |
"""
SHOP = Product(
    frozenset({"shop.Basket", "shop.Till"}),
    {"shop:basket": "Basket", "shop.Basket.State.FULL": "Full"},
    {"shop.Basket.State.FULL": "Full"},
    frozenset({"shop.Basket", "shop.Basket.State.FULL", "shop.Till"}),
    {
        "Basket": frozenset({("Panier", "سلة")}),
        "Full": frozenset({("Plein", "ممتلئ"), ("Complet", "كامل")}),
    },
)


def test_a_table_that_agrees_has_no_fault() -> None:
    assert [term.code for term in terms(INVENTED)] == [
        ("shop.Basket", "shop:basket"),
        ("shop.Basket.State.FULL",),
        ("shop.Till",),
    ]
    assert faults(terms(INVENTED), SHOP) == []


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        ({"models": SHOP.models | {"shop.Shelf"}}, "The model shop.Shelf is not in"),
        ({"shown": {**SHOP.shown, "shop:pay": "Pay"}}, "“Pay” (shop:pay) is not in"),
        (
            {"shown": {**SHOP.shown, "shop.Basket.State.NEW": "New"}},
            "“New” (shop.Basket.State.NEW) is not in",
        ),
        ({"shown": {**SHOP.shown, "shop:basket": "Bag"}}, "shop:basket is “Bag” on"),
        (
            {"labels": {"shop.Till": "Desk"}},
            "shop.Till is “Desk” on screen, and “Till”",
        ),
        (
            {
                "names": SHOP.names - {"shop.Till"},
                "models": SHOP.models - {"shop.Till"},
            },
            "shop.Till, in the glossary for “Till”, is not in the code any more",
        ),
        (
            {"catalogue": {"Basket": frozenset({("Corbeille", "سلة")})}},
            "“Basket” is “Corbeille” and “سلة” in the catalogues",
        ),
        (
            {"catalogue": {"Till": frozenset({("Caisse", "صندوق")})}},
            "“Till” is “Caisse” and “صندوق” in the catalogues, and “–” and “–” in",
        ),
    ],
)
def test_a_change_of_the_product_is_named(now: dict[str, object], fault: str) -> None:
    [found] = faults(terms(INVENTED), replace(SHOP, **now))  # type: ignore[arg-type]
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| Till | – | – | – | Again. | ours |", "“Till” is in the glossary twice"),
        ("| Cash | – | – | `shop.Till` | Again. | ours |", "“shop.Till” is in"),
        (f"| Cash | – | – | – | {'money ' * 16} | ours |", "The meaning of “Cash”"),
    ],
)
def test_a_wrong_row_is_named(row: str, fault: str) -> None:
    page = INVENTED.replace("| Till |", f"{row}\n| Till |")
    assert [f for f in faults(terms(page), SHOP) if f.startswith(fault)] != []


def test_a_row_without_all_cells_is_named() -> None:
    with pytest.raises(AssertionError, match="This row has not 6 cells"):
        terms(INVENTED.replace("| Till | – |", "| Till |"))
