"""The languages that people speak: more than those the pages are written in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import get_language, get_language_info, override

from amana.language_folders import SOURCE, list_complete_languages

RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug"}
RIGHT_TO_LEFT |= {"ur", "yi"}
"""Those that people speak or write, whether or not the pages are in them: what a folder
says of a language of the pages comes first."""

OWN_NAMES = {
    "am": "አማርኛ",
    "bm": "Bamanankan",
    "ckb": "کوردیی ناوەندی",
    "ff": "Fulfulde",
    "ha": "Hausa",
    "ku": "Kurdî",
    "ln": "Lingála",
    "om": "Afaan Oromoo",
    "prs": "دری",
    "ps": "پښتو",
    "rom": "Romani ćhib",
    "rw": "Ikinyarwanda",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "tl": "Tagalog",
    "wo": "Wolof",
    "yo": "Yorùbá",
}


def get_base_code(code: str) -> str:
    return code.lower().replace("_", "-").split("-")[0]


def get_direction(code: str) -> str:
    if page := settings.PAGE_LANGUAGES.get(get_base_code(code)):
        return page.direction
    return "rtl" if get_base_code(code) in RIGHT_TO_LEFT else "ltr"


def format_language(code: str) -> str:
    """Return what those who speak it call it; the code itself where we don't know."""
    if page := settings.PAGE_LANGUAGES.get(get_base_code(code)):
        return page.name
    if get_base_code(code) in OWN_NAMES:
        return OWN_NAMES[get_base_code(code)]
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def choose_complete_language(path: str) -> str:
    """Choose the language of the page, if all texts of a room are translated into it;
    else English."""
    here = get_base_code(get_language() or SOURCE)
    return here if here in list_complete_languages(path) else SOURCE


@contextmanager
def use_complete_language(path: str) -> Iterator[str]:
    """Use it for what is printed, kept or sent as a whole: it names its own language,
    and half of it in another would be read aloud as gibberish."""
    language = choose_complete_language(path)
    with override(language):
        yield language


def list_languages() -> list[tuple[str, str]]:
    """List the languages of the pages, each in its own words."""
    return [(code, page.name) for code, page in settings.PAGE_LANGUAGES.items()]
