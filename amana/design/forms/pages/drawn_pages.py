"""What a page of a form shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.design.forms.drawn_form import (
    Drawn,
    DrawnQuestion,
    DrawnSection,
    FormRenderer,
)
from amana.design.forms.drawn_form import EarlierAnswer as EarlierAnswer
from amana.design.forms.engine.filling.answer_errors import fill_form
from amana.design.forms.engine.filling.form_nodes import AnswerProblem, FormNode
from amana.design.forms.engine.filling.settling import FilledForm
from amana.design.forms.engine.form_model import (
    Form,
    Question,
    QuestionGroup,
    choose_text,
)
from amana.design.forms.pages.form_moves import PageResult, find_asked_step, is_seen
from amana.design.forms.plan import build_plan
from amana.trust.vault.drafts import list_sending_messages
from amana.ui.languages import get_direction


def show_form(
    request: HttpRequest,
    taken: PageResult,
    *,
    to: str,
    title: str = "",
    template: str = "forms/fill.html",
    context: Mapping[str, Any] | None = None,
    drafts: Mapping[str, Any] | None = None,
    finish: str = "",
    along: Mapping[str, str] | None = None,
    given: Mapping[str, EarlierAnswer] | None = None,
) -> HttpResponse:
    """Show a whole page around the form; the browser never stores it."""
    around = {
        "title": title or format_title(taken.form, taken.language),
        "sheet": render_form(
            request,
            taken,
            to=to,
            drafts=drafts,
            finish=finish,
            along=along,
            given=given,
        ),
        "taken": taken,
        "drafts": drafts,
    }
    page = render_to_string(template, around | dict(context or {}), request)
    return HttpResponse(
        # Answers are about a person: the back button must not bring them to the next
        # one at this device.
        page,
        status=taken.status,
        headers={"Cache-Control": "no-store, private"},
    )


def format_title(form: Form, language: str) -> str:
    return choose_text(form.title, language)


def render_form(
    request: HttpRequest | None,
    taken: PageResult,
    *,
    to: str,
    drafts: Mapping[str, Any] | None = None,
    finish: str = "",
    along: Mapping[str, str] | None = None,
    given: Mapping[str, EarlierAnswer] | None = None,
) -> SafeString:
    """Render the form itself; without a request it has no CSRF token, and may be
    stored."""
    pen = FormRenderer(taken.filled, taken.language, taken.errors, given or {})
    steps = [
        DrawnSection(number, list(pen.items(items)), number == taken.step)
        for number, items in enumerate(taken.steps())
    ]
    of_browser = build_plan(taken.form, taken.language) | {"words": get_script_texts()}
    if drafts:
        of_browser |= {"drafts": {"words": get_draft_texts(), **drafts}}
    return render_to_string(
        "forms/sheet.html",
        {
            "to": to,
            "taken": taken,
            "steps": steps,
            "asked": number_step(taken),
            "first": find_asked_step(taken, range(len(steps))) == taken.step,
            "last": find_asked_step(taken, range(taken.step + 1, len(steps)))
            == taken.step,
            "errors": list_wrong_questions(steps)
            + list_unshown_errors(steps, taken.errors, pen),
            "off": " ".join(list_hidden(taken.filled)),
            "plan": of_browser,
            "finish": finish or _("Finish"),
            "along": along or {},
            "drafts": drafts,
            "direction": get_direction(taken.language or get_language() or ""),
        },
        request,
    )


def number_step(taken: PageResult) -> tuple[int, int]:
    """Number a step among those on which something is asked: which it is, and of how
    many."""
    seen = [
        number
        for number, items in enumerate(taken.steps())
        if any(is_seen(item, taken.filled) for item in items)
    ]
    return (seen.index(taken.step) + 1 if taken.step in seen else 1, len(seen))


def list_hidden(filled: FilledForm) -> list[str]:
    """List the questions that could be asked and are not."""
    return [
        node.key
        for node in filled.nodes()
        if isinstance(node.item, Question)
        and node.item.is_answered
        and node.key in filled.off
    ]


def list_wrong_questions(steps: Iterable[DrawnSection]) -> list[DrawnQuestion]:
    """List the questions with errors, for the top of the page."""
    return [q for step in steps for q in find_wrong_questions(step.items)]


@dataclass(frozen=True)
class HiddenProblem:
    """An error without a place on the page: of a calculation, or of a condition."""

    label: str
    error: str
    anchor: str = ""


def list_unshown_errors(
    steps: Iterable[DrawnSection],
    errors: Mapping[str, AnswerProblem],
    pen: FormRenderer,
) -> list[HiddenProblem]:
    shown = {question.key for question in list_wrong_questions(steps)}
    return [
        HiddenProblem(problem.item.name, str(pen.sentences[problem.code]))
        for key, problem in errors.items()
        if key not in shown
    ]


def find_wrong_questions(items: Iterable[Drawn]) -> list[DrawnQuestion]:
    found: list[DrawnQuestion] = []
    for item in items:
        if isinstance(item, DrawnQuestion):
            found += [item] if item.error else []
        elif item.of == "group":
            found += find_wrong_questions(item.items)
        else:
            found += [
                q for entry in item.ones for q in find_wrong_questions(entry.items)
            ]
    return found


def get_script_texts() -> dict[str, str]:
    """Get the texts of the script, in the language of the page."""
    return {"step": _("Step %s of %s"), "clear": _("Clear this answer")}


def get_draft_texts() -> dict[str, str]:
    """Get the texts about unfinished answers that are stored on the device."""
    return list_sending_messages() | {
        "saved": _("Saved on this device"),
        "meeting": _("Unfinished meeting"),
        "cannot": _(
            "This browser can’t keep anything safely: your answers are lost when "
            "this page closes."
        ),
        "unready": _(
            "This device is not ready: your answers are lost when this page closes, "
            "and you can’t finish without a network."
        ),
        "ready": _("Make this device ready"),
        "not_saved": _(
            "This could not be saved: there is no space left on the device. Finish "
            "now, or use paper."
        ),
        "wrong": _("This passphrase is not right. Tries left:"),
        "wiped": _(
            "Ten wrong tries: everything unfinished was deleted, and this device is "
            "no longer ready. Use paper, and make it ready again when you have a "
            "network."
        ),
        "over": _("72 hours have passed: these answers were deleted."),
        "another": _("These answers are open in another tab too. Both are kept."),
        "back": _("Your unfinished answers are back."),
        "changed": _(
            "Your unfinished answers are back. The questions have changed since, so "
            "these answers no longer fit. Answer again where needed."
        ),
        "kept": _(
            "Finished and sealed to your team: it can no longer be opened on this "
            "device. It is sent when you open Amana with a network."
        ),
    }


def render_blank(form: Form, language: str = "") -> SafeString:
    """Render every question, with room to write, for paper."""
    language = form.language_for(language or get_language() or "")
    pen = FormRenderer(
        fill_form(form, {}, now=timezone.localtime(), language=language), language
    )
    return render_to_string(
        "forms/blank.html",
        {
            "form": form,
            "title": format_title(form, language),
            "items": list(pen.items(form.items)),
            "language": language,
            "direction": get_direction(language),
        },
    )


def render_answers(filled: FilledForm, language: str = "") -> SafeString:
    """Render the answers in the form's order, to be read; what isn't asked is left
    out."""
    language = filled.form.language_for(language or get_language() or "")
    return render_to_string(
        "forms/read.html", {"lines": list(iterate_lines(filled, language))}
    )


def iterate_lines(filled: FilledForm, language: str) -> Iterable[dict[str, Any]]:
    pen = FormRenderer(filled, language)
    for node in filled.nodes():
        item, key = node.item, node.key
        if key in filled.off or not item.label:
            continue
        label = pen.marked(item.label, FormNode(item, node.place))
        if isinstance(item, QuestionGroup):
            yield {"heading": label}
        elif item.is_answered and (answer := filled.values.get(key)):
            yield {"label": label, "answer": filled.label(item.name, answer, language)}
