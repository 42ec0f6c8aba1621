"""How other rooms show a form and take its answers; complete without JavaScript.

    def screen(request: Request, pk: int) -> HttpResponse:
        case = get_object_or_404(…)
        taken = pages.take_answers(request, form, paged="group")
        if taken.finished:
            actions.finish(case, taken.filled, instance=taken.instance_id, by=…)
            return done(request, then=…)
        return pages.show_form(request, taken, to=request.path, title=…)

`take_answers` understands every button of the page: next and back, another child or one
less, and finish, which it allows only when nothing is missing or wrong. `finished`
answers come with their `instance_id`, under which the browser may send them again:
store each once (`@once` on the view does it, or a unique column).

    fill_from_post(request.POST, form) -> Filled   the answers alone
    render_form(request, taken, to=…) -> SafeString
                                                   the <form>, for a page of one's own
    show_form(request, taken, to=…, …) -> HttpResponse
                                                   in `forms/fill.html`, which a room
                                                   extends: blocks head, above, below
    render_blank(form, language) -> SafeString     to be printed and filled in by hand
    render_answers(filled, language) -> SafeString the answers, to be read

    open_form(form, answers=…) -> Taken            as `take_answers` does for a GET

`along` travels with the form as hidden fields. `given` are answers of a while ago, with
which the form begins too: each is shown with who gave it, and opens to be changed.

`drafts` has whose answers these are and to which team they are sealed: unfinished ones
are then stored on the device, and finished ones sent when the network is back, as a
first meeting is (static/forms/drafts.js). The view still takes them without a script.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.design.forms import drawn_form
from amana.design.forms.drawn_form import (
    Drawn,
    DrawnQuestion,
    DrawnSection,
    FormRenderer,
    Paged,
)
from amana.design.forms.drawn_form import EarlierAnswer as EarlierAnswer
from amana.design.forms.engine.filling import (
    AnswerProblem,
    FilledForm,
    FormNode,
    build_key,
    iterate_nodes,
)
from amana.design.forms.engine.form_model import (
    MOST_REPEATS,
    Form,
    Item,
    Question,
    QuestionGroup,
    choose_text,
    walk_items,
)
from amana.design.forms.plan import build_plan
from amana.trust.vault.drafts import list_sending_messages
from amana.ui.languages import get_direction

MOVE, STEP, OFF, INSTANCE = "form:to", "form:step", "form:off", "form:instance"


class PostedData(Protocol):
    """What `request.POST` is, as far as we need it."""

    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Any: ...


@dataclass(frozen=True)
class PageResult:
    """The result of one request to fill in a form."""

    form: Form
    filled: FilledForm
    instance_id: str
    language: str
    paged: Paged = ""
    step: int = 0
    errors: Mapping[str, AnswerProblem] = field(default_factory=dict)
    """Those to be shown now."""
    more: bool = False
    """The answers led to questions that no one has seen yet."""
    finished: bool = False

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def steps(self) -> list[list[Item]]:
        return drawn_form.split_into_steps(self.form, self.paged)


def take_answers(
    request: HttpRequest,
    form: Form,
    *,
    answers: Mapping[str, Any] | None = None,
    paged: Paged = "",
    language: str = "",
) -> PageResult:
    """Take the answers of a request, and decide which page comes next; `answers` are
    those with which the form is opened. Raises `BadRequest` where the id of the answers
    is missing."""
    if request.method != "POST":
        return open_form(form, answers=answers, paged=paged, language=language)
    language = form.language_for(language or get_language() or "")
    move, _, what = request.POST.get(MOVE, "finish").partition(" ")
    # Before filling: how often a part is repeated decides which questions there are.
    given = read_answers(request.POST, form)
    if move in ("add", "remove"):
        given = change_repeats(form, given, move, what)
    filled = form.fill(given, now=timezone.localtime(), language=language)
    step = request.POST.get(STEP, "0")
    taken = PageResult(
        form,
        filled,
        read_instance_id(request),
        language,
        paged,
        # The number comes from the browser: nothing but a few digits is converted.
        int(step) if step.isdecimal() and len(step) < 5 else 0,
    )
    return move_step(taken, move, has_unseen_questions(request, filled))


def open_form(
    form: Form,
    *,
    answers: Mapping[str, Any] | None = None,
    paged: Paged = "",
    language: str = "",
) -> PageResult:
    """Open the form, with these answers or empty."""
    language = form.language_for(language or get_language() or "")
    filled = form.fill(answers or {}, now=timezone.localtime(), language=language)
    taken = PageResult(form, filled, f"uuid:{uuid4()}", language, paged)
    return replace(taken, step=find_asked_step(taken, range(len(taken.steps()))))


def read_instance_id(request: HttpRequest) -> str:
    """Read the id that the browser gave these answers when the page was opened. Raises
    `BadRequest` where there is none."""
    try:
        return f"uuid:{UUID(request.POST.get(INSTANCE, '').removeprefix('uuid:'))}"
    except ValueError as error:
        raise BadRequest(f"This form came without its id ({INSTANCE}).") from error


def has_unseen_questions(request: HttpRequest, filled: FilledForm) -> bool:
    """Check whether something is asked now that was hidden when the page was drawn."""
    hidden = set(request.POST.get(OFF, "").split(" "))
    return any(
        node.key in hidden
        and node.key not in filled.off
        and not filled.values.get(node.key)
        for node in filled.nodes()
        if isinstance(node.item, Question) and node.item.is_answered
    )


def move_step(taken: PageResult, move: str, more: bool) -> PageResult:
    here = list_step_errors(taken, taken.step)
    if move == "back":
        return replace(
            taken, step=find_asked_step(taken, range(taken.step - 1, -1, -1))
        )
    if move == "next":
        # Without a script a question can become visible only when the page comes back:
        # no one may finish past a question that they have not seen.
        if here or more:
            return replace(taken, errors=here, more=more and not here)
        last = len(taken.steps())
        return replace(taken, step=find_asked_step(taken, range(taken.step + 1, last)))
    if move != "finish":
        return taken
    errors = taken.filled.errors
    if errors:
        return replace(taken, errors=errors, step=find_step(taken, next(iter(errors))))
    return replace(taken, more=more, finished=not more)


def find_asked_step(taken: PageResult, steps: Iterable[int]) -> int:
    """Find the first of these steps on which anything is asked; the current step where
    there is none."""
    all_steps = taken.steps()
    for step in steps:
        if any(is_seen(item, taken.filled) for item in all_steps[step]):
            return step
    return taken.step


def is_seen(item: Item, filled: FilledForm) -> bool:
    if item.name in filled.off:
        return False
    if isinstance(item, QuestionGroup) and not item.repeats:
        return any(is_seen(inner, filled) for inner in item.items)
    return item.is_shown


def list_step_errors(taken: PageResult, step: int) -> dict[str, AnswerProblem]:
    """List what is wrong on one step."""
    steps = taken.steps()
    items = steps[step] if step < len(steps) else []
    names = {item.name for item in walk_items(items)}
    return {
        key: problem
        for key, problem in taken.filled.errors.items()
        if problem.item.name in names
    }


def find_step(taken: PageResult, key: str) -> int:
    name = key.partition(".")[0]
    for number, items in enumerate(taken.steps()):
        if any(item.name == name for item in walk_items(items)):
            return number
    return taken.step


# --- what was posted


def fill_from_post(posted: PostedData, form: Form, *, language: str = "") -> FilledForm:
    return form.fill(
        read_answers(posted, form), now=timezone.localtime(), language=language
    )


def read_answers(posted: PostedData, form: Form) -> dict[str, str]:
    """Read the answers in a form: what was shown and is not there was left empty."""
    given = {
        key: " ".join(map(str, posted.getlist(key)))
        for key in posted
        if key.partition(".")[0] in form.everything
    }
    counts = {
        # Bounded before anything is built: a posted count of a million would build a
        # million questions.
        key: min(int(count), MOST_REPEATS)
        for key, count in given.items()
        if key.partition(".")[0] in form.groups and count.isdecimal()
    }
    for node in iterate_nodes(form.items, (), counts):
        if isinstance(node.item, Question) and node.item.is_answered:
            # A browser sends nothing for boxes that are not ticked; without this the
            # default would come back.
            given.setdefault(node.key, "")
    return given


def change_repeats(
    form: Form, given: dict[str, str], move: str, what: str
) -> dict[str, str]:
    """Add one repetition at the end, or remove the named one. Raises `BadRequest` for a
    part that is none."""
    name, *place = what.split(".")
    group = form.groups.get(name)
    if group is None or not group.repeats or not all(p.isdecimal() for p in place):
        raise BadRequest("There is no such part of the form.")
    places = tuple(int(p) for p in place if len(p) < 4)
    if move == "add":
        count = int(given.get(what, "0") or "0")
        return given | {what: str(min(count + 1, MOST_REPEATS))}
    return remove_repeat(group, given, places)


def remove_repeat(
    group: QuestionGroup, given: dict[str, str], place: tuple[int, ...]
) -> dict[str, str]:
    """Remove one repetition; those behind it move up."""
    *outer, gone = place
    depth, names = len(outer), {item.name for item in walk_items(group.items)}
    kept: dict[str, str] = {}
    for key, answer in given.items():
        name, *rest = key.split(".")
        at = [int(part) for part in rest if part.isdecimal()]
        if name in names and at[:depth] == outer and len(at) > depth:
            if at[depth] == gone:
                continue
            at[depth] -= at[depth] > gone
        kept[build_key(name, tuple(at))] = answer
    count = build_key(group.name, tuple(outer))
    kept[count] = str(max(0, int(given.get(count, "0") or "0") - 1))
    return kept


# --- what is shown


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
        form.fill({}, now=timezone.localtime(), language=language), language
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
