import pytest

from amana.design.directory.identifying_details import (
    IdentifierCheckForm,
    IdentifierKind,
    find_traces,
)


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("She came on 3 May 2025.", IdentifierKind.DATE, "3 May 2025"),
        ("Elle est venue le 12 mars.", IdentifierKind.DATE, "12 mars"),
        ("جاءت في 3 مايو", IdentifierKind.DATE, "3 مايو"),
        ("Born 04/11/2001", IdentifierKind.DATE, "04/11/2001"),
        ("Call +962 7 9999 1234 now", IdentifierKind.NUMBER, "+962 7 9999 1234"),
        ("Passport AB123456", IdentifierKind.NUMBER, "AB123456"),
        ("Write to a.b@example.org", IdentifierKind.CONTACT, "a.b@example.org"),
        ("I met Amira Haddad there.", IdentifierKind.NAME, "Amira Haddad"),
        ("Elle s’appelle Fatou", IdentifierKind.NAME, "Fatou"),
        ("فتاة تدعى سلمى", IdentifierKind.NAME, "سلمى"),
        ("The bus from Kilima", IdentifierKind.PLACE, "Kilima"),
    ],
)
def test_what_could_tell_who_somebody_is_is_found(text, kind, part):
    found = [(trace.kind, trace.text) for trace in find_traces(text, ["Kilima"])]

    assert found == [(kind, part)]


@pytest.mark.parametrize(
    "text",
    [
        "A young person needs a bed. I asked on Monday, and we agreed.",
        "Nous avons demandé d’abord. Puis nous avons attendu 72 heures.",
        "سألنا أولًا ثم انتظرنا",
        "The clock is 24 hours; of 60 people 31 need a bed.",
    ],
)
def test_words_about_work_pass(text):
    assert find_traces(text, ["Kilima"]) == []


def test_a_form_asks_to_look_again_once_and_keeps_the_words():
    from django import forms

    class Story(IdentifierCheckForm):
        text = forms.CharField()

    first = Story({"text": "I met Amira Haddad."})
    assert not first.is_valid()
    assert "Amira Haddad" in str(first.non_field_errors())
    assert "checkbox" in str(first["looked"])

    assert Story({"text": "I met Amira Haddad.", "looked": "on"}).is_valid()
