import pytest

from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.server_secrets import open_text, seal_text


def test_a_text_opens_again_in_its_place():
    sealed = seal_text("JBSWY3DPEHPK3PXP", "totp", 7)

    assert open_text(sealed, "totp", 7) == "JBSWY3DPEHPK3PXP"


def test_what_is_stored_shows_nothing_and_never_looks_the_same_twice():
    first, second = seal_text("seed", "totp", 7), seal_text("seed", "totp", 7)

    assert "seed" not in first
    assert first != second


def test_a_text_moved_to_another_person_does_not_open():
    with pytest.raises(Unopenable):
        open_text(seal_text("seed", "totp", 7), "totp", 8)


def test_without_the_pepper_nothing_opens(settings):
    sealed = seal_text("seed", "totp", 7)
    settings.VAULT_PEPPERS = ["another pepper"]

    with pytest.raises(Unopenable):
        open_text(sealed, "totp", 7)


def test_an_old_pepper_still_opens_and_the_first_one_seals(settings):
    settings.VAULT_PEPPERS = ["old"]
    sealed_before = seal_text("seed", "totp", 7)
    settings.VAULT_PEPPERS = ["new", "old"]
    sealed_after = seal_text("seed", "totp", 7)

    assert open_text(sealed_before, "totp", 7) == "seed"
    settings.VAULT_PEPPERS = ["new"]
    assert open_text(sealed_after, "totp", 7) == "seed"


@pytest.mark.parametrize("damaged", ["", "%", "AAAA", "short"])
def test_damaged_texts_are_unopenable_rather_than_errors(damaged):
    with pytest.raises(Unopenable):
        open_text(damaged, "totp", 7)
