"""The prose of a mechanism: chapters and consent texts, in each language."""

from django import forms as inputs
from django.contrib import messages
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.mechanism import actions, labels, pack_memory, prose, version_contents
from amana.design.mechanism.actions import ChangedMeanwhile
from amana.design.mechanism.documents.placeholder_texts import format_place
from amana.design.mechanism.documents.source import PrintSource, build_edition
from amana.design.mechanism.forms import build_language_attributes
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.editing import ANY_METHOD, build_page_address, mine
from amana.design.mechanism.views.reader_pages import about, found
from amana.design.mechanism.writing import Files
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui import languages
from amana.ui.form_options import Posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

TEXTS = "mechanism/texts.html"
TEXT = "mechanism/text.html"
CHANGE = "mechanism/change_text.html"
ADD = "mechanism/add_text.html"
MOST = 100_000

CONSENT = "consent"
"""The code of the consent text; every other code is a chapter's."""


def build_path(code: str, language: str) -> str:
    return f"consent/{language}.md" if code == CONSENT else f"sop/{language}/{code}.md"


def list_chapters(version: Version) -> dict[str, list[str]]:
    """List the codes of the chapters, and the languages in which each is there."""
    listed: dict[str, list[str]] = {}
    paths = version.files.filter(path__startswith="sop/").order_by("path")
    for path in paths.values_list("path", flat=True):
        _sop, language, name = path.split("/", 2)
        listed.setdefault(name.removesuffix(".md"), []).append(language)
    return dict(sorted(listed.items()))


def read_text(version: Version, code: str, language: str) -> str | None:
    file = version.files.filter(path=build_path(code, language)).first()
    return bytes(file.content).decode("utf-8-sig") if file else None


def get_title(words: str, code: str) -> str:
    """Get a text's first heading, or else its name."""
    first = words.lstrip().partition("\n")[0]
    named = labels.format_code_without_words(code.partition("-")[2] or code)
    return first.removeprefix("#").strip() if first.startswith("# ") else named


@require_GET
def texts(request: Request, pk: int) -> HttpResponse:
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    rows = []
    for code, there in [
        (CONSENT, list_consent_languages(version)),
        *list_chapters(version).items(),
    ]:
        mine_first = [labels.get_short_language(), *seen.languages, *there]
        language = next((language for language in mine_first if language in there), "")
        words = read_text(version, code, language) or "" if language else ""
        rows.append(
            {
                "code": code,
                "title": _("Consent, to be read aloud")
                if code == CONSENT
                else get_title(words, code),
                "languages": [
                    (language, languages.format_language(language), language in there)
                    for language in seen.languages
                ],
            }
        )
    context = about(request, version, seen, "texts") | {"rows": rows}
    return show(request, TEXTS, context)


def list_consent_languages(version: Version) -> list[str]:
    paths = version.files.filter(path__startswith="consent/")
    return [
        path.removeprefix("consent/").removesuffix(".md")
        for path in paths.values_list("path", flat=True)
    ]


@require_GET
def one_text(request: Request, pk: int, code: str, language: str) -> HttpResponse:
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    words = read_text(version, code, language)
    if words is None and language not in seen.languages:
        raise NotAccessible(see_version, Version, {"code": code, "language": language})
    context = about(request, version, seen, "texts", get_title(words or "", code))
    context |= build_shown_text(version, code, language, words or "")
    context["others"] = [
        (other, languages.format_language(other), other == language)
        for other in seen.languages
    ]
    return show(request, TEXT, context)


def build_blocks(version: Version, language: str, words: str) -> list[prose.ProseBlock]:
    """Build a text as people will read it; its places are filled once the pack is
    complete.
    """
    blocks = prose.parse_blocks(words)
    pack, _faults = version_contents.read_version(version)
    # A draft with a fault has nothing to fill the places with: they are shown as
    # written.
    if pack is None:
        return blocks
    with override(language):
        source = PrintSource(pack, language, build_edition(version))
        return prose.fill_blocks(blocks, lambda place: format_place(source, place))


def build_shown_text(
    version: Version, code: str, language: str, words: str
) -> dict[str, object]:
    return {
        "code": code,
        "language": language,
        "language_name": languages.format_language(language),
        "direction": languages.get_direction(language),
        "words": words,
        "blocks": build_blocks(version, language, words),
    }


def find_faults(version: Version, path: str, words: str) -> list[labels.FaultText]:
    """Find what would be wrong with this text if it had these words."""
    files = {**version.content(), path: words.encode()}
    _pack, faults = pack_memory.read_files(files)
    return labels.list_shown_faults([fault for fault in faults if fault.file == path])


class TextForm(inputs.Form):
    seen = inputs.CharField(widget=inputs.HiddenInput, required=False)
    words = inputs.CharField(max_length=MOST, strip=False)

    def __init__(self, data: Posted, *, language: str, words: str) -> None:
        super().__init__(data, initial={"words": words, "seen": words})
        field = self.fields["words"]
        field.label = languages.format_language(language)
        field.help_text = _(
            "The first line is the title: # Title. ## begins a section, - a line of "
            "a list, **…** is bold. {{ step.….due }} is filled in from the rest of "
            "the mechanism."
        )
        field.widget = inputs.Textarea(
            {**build_language_attributes(language), "rows": 24}
        )

    def clean_words(self) -> str:
        return str(self.cleaned_data["words"]).replace("\r\n", "\n").rstrip() + "\n"


@require_http_methods(ANY_METHOD)
@apply_once
def change_text(request: Request, pk: int, code: str, language: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    if language not in seen.languages:
        raise NotAccessible(see_version, Version, {"code": code, "language": language})
    path = build_path(code, language)
    words = read_text(draft, code, language) or ""
    form = TextForm(posted(request), language=language, words=words)
    theirs, typed, status = "", words, 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["words"]
        # Without this button the form only asks for a preview, and nothing is saved.
        if "write" in request.POST:
            try:
                write_text(request, draft, path, typed)
            except ChangedMeanwhile as changed:
                theirs, status = str(changed.now or ""), 409
                again = request.POST.copy()
                # From here on their text is the one that was seen: the next save
                # replaces it knowingly.
                again["seen"] = theirs
                form = TextForm(again, language=language, words=theirs)
            else:
                messages.success(request, _("Saved in the draft."))
                return done(
                    request, then=build_page_address("text", draft, code, language)
                )
        else:
            status = 200
    context = about(request, draft, seen, "texts", get_title(words, code))
    context |= build_shown_text(draft, code, language, typed)
    context |= {
        "form": form,
        "theirs": theirs,
        "faults": find_faults(draft, path, typed),
        "then": build_page_address("text", draft, code, language)
        if words
        else build_page_address("texts", draft),
    }
    return show(request, CHANGE, context, part="preview", status=status)


def write_text(request: Request, draft: Version, path: str, words: str) -> None:
    def stands(files: Files) -> str:
        return (
            normalise_line_ends(files[path].decode("utf-8-sig"))
            if path in files
            else ""
        )

    actions.edit_draft(
        draft,
        lambda files: {path: words.encode()},
        by=request.user,
        piece=path,
        read=stands,
        seen=normalise_line_ends(request.POST.get("seen", "")),
    )


def normalise_line_ends(words: str) -> str:
    """Normalise the ends of lines: a browser sends each as two characters."""
    return words.replace("\r\n", "\n")


class ChapterForm(inputs.Form):
    number = inputs.IntegerField(label=lazy("Number"), min_value=1, max_value=99)
    title = inputs.CharField(label=lazy("Title"), max_length=120)


@require_http_methods(ANY_METHOD)
@apply_once
def add_chapter(request: Request, pk: int) -> HttpResponse:
    """Add a chapter in every language, with its title alone."""
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    there = list_chapters(draft)
    taken = [int(code[:2]) for code in there if code[:2].isdecimal()]
    form = ChapterForm(posted(request), initial={"number": max(taken, default=0) + 1})
    if request.method == "POST" and form.is_valid():
        number, title = form.cleaned_data["number"], form.cleaned_data["title"].strip()
        if number in taken:
            form.add_error("number", _("There is already a chapter with this number."))
        else:
            code = f"{number:02}-{build_slug(title)}"
            words = f"# {title}\n".encode()
            actions.edit_draft(
                draft,
                lambda files: {
                    build_path(code, language): words for language in seen.languages
                },
                by=request.user,
                piece=code,
            )
            return done(
                request,
                then=build_page_address("change_text", draft, code, seen.languages[0]),
            )
    context = about(request, draft, seen, "texts", _("New chapter"))
    context |= {"form": form, "then": build_page_address("texts", draft)}
    return show(request, ADD, context, status=422 if form.is_bound else 200)


def build_slug(title: str) -> str:
    found = slugify(title).strip("-_").replace("_", "-")
    # A title in Arabic has no plain letters: the chapter's number tells it apart.
    return found if found[:1].isalpha() else "chapter"


@require_http_methods(ANY_METHOD)
@apply_once
def remove_chapter(request: Request, pk: int, code: str) -> HttpResponse:
    draft = mine(request, pk)
    seen = version_contents.read_outline(draft)
    there = list_chapters(draft).get(code)
    if there is None:
        raise NotAccessible(see_version, Version, {"code": code})
    if request.method == "POST":
        gone = {build_path(code, language): None for language in there}
        actions.edit_draft(draft, lambda files: gone, by=request.user, piece=code)
        messages.success(request, _("Removed from the draft."))
        return done(request, then=build_page_address("texts", draft))
    words = read_text(draft, code, there[0]) or ""
    context = about(request, draft, seen, "texts", _("Remove a chapter"))
    context |= {
        "question": _("Remove this chapter, in every language?"),
        "what": get_title(words, code),
        "then": build_page_address("texts", draft),
        "seen_piece": "",
    }
    return show(request, "mechanism/remove.html", context)
