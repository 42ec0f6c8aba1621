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

from amana.design.forms import drawing
from amana.design.forms.drawing import Drawn, DrawnQuestion, Paged, Pen, Section
from amana.design.forms.drawing import Given as Given
from amana.design.forms.engine.filling import Filled, Node, Problem, key_of, nodes_of
from amana.design.forms.engine.model import (
    MOST_REPEATS,
    Form,
    Group,
    Item,
    Question,
    said,
    walk,
)
from amana.design.forms.plan import plan
from amana.trust.vault.drafts import words_of_sending
from amana.ui.languages import direction

MOVE, STEP, OFF, INSTANCE = "form:to", "form:step", "form:off", "form:instance"


class Posted(Protocol):
    """What `request.POST` is, as far as we need it."""

    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Any: ...


@dataclass(frozen=True)
class Taken:
    """The result of one request to fill in a form."""

    form: Form
    filled: Filled
    instance_id: str
    language: str
    paged: Paged = ""
    step: int = 0
    errors: Mapping[str, Problem] = field(default_factory=dict)
    """Those to be shown now."""
    more: bool = False
    """The answers led to questions that no one has seen yet."""
    finished: bool = False

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def steps(self) -> list[list[Item]]:
        return drawing.sections(self.form, self.paged)


def take(
    request: HttpRequest,
    form: Form,
    *,
    answers: Mapping[str, Any] | None = None,
    paged: Paged = "",
    language: str = "",
) -> Taken:
    """Take the answers of a request, and decide which page comes next; `answers` are
    those with which the form is opened. Raises `BadRequest` where the id of the answers
    is missing."""
    if request.method != "POST":
        return begun(form, answers=answers, paged=paged, language=language)
    language = form.language_for(language or get_language() or "")
    move, _, what = request.POST.get(MOVE, "finish").partition(" ")
    # Before filling: how often a part is repeated decides which questions there are.
    given = given_in(request.POST, form)
    if move in ("add", "remove"):
        given = repeated(form, given, move, what)
    filled = form.fill(given, now=timezone.localtime(), language=language)
    step = request.POST.get(STEP, "0")
    taken = Taken(
        form,
        filled,
        instance(request),
        language,
        paged,
        # The number comes from the browser: nothing but a few digits is converted.
        int(step) if step.isdecimal() and len(step) < 5 else 0,
    )
    return moved(taken, move, unseen(request, filled))


def begun(
    form: Form,
    *,
    answers: Mapping[str, Any] | None = None,
    paged: Paged = "",
    language: str = "",
) -> Taken:
    """Open the form, with these answers or empty."""
    language = form.language_for(language or get_language() or "")
    filled = form.fill(answers or {}, now=timezone.localtime(), language=language)
    taken = Taken(form, filled, f"uuid:{uuid4()}", language, paged)
    return replace(taken, step=asked(taken, range(len(taken.steps()))))


def instance(request: HttpRequest) -> str:
    """Read the id that the browser gave these answers when the page was opened. Raises
    `BadRequest` where there is none."""
    try:
        return f"uuid:{UUID(request.POST.get(INSTANCE, '').removeprefix('uuid:'))}"
    except ValueError as error:
        raise BadRequest(f"This form came without its id ({INSTANCE}).") from error


def unseen(request: HttpRequest, filled: Filled) -> bool:
    """Check whether something is asked now that was hidden when the page was drawn."""
    hidden = set(request.POST.get(OFF, "").split(" "))
    return any(
        node.key in hidden
        and node.key not in filled.off
        and not filled.values.get(node.key)
        for node in filled.nodes()
        if isinstance(node.item, Question) and node.item.is_answered
    )


def moved(taken: Taken, move: str, more: bool) -> Taken:
    here = within(taken, taken.step)
    if move == "back":
        return replace(taken, step=asked(taken, range(taken.step - 1, -1, -1)))
    if move == "next":
        # Without a script a question can become visible only when the page comes back:
        # no one may finish past a question that they have not seen.
        if here or more:
            return replace(taken, errors=here, more=more and not here)
        last = len(taken.steps())
        return replace(taken, step=asked(taken, range(taken.step + 1, last)))
    if move != "finish":
        return taken
    errors = taken.filled.errors
    if errors:
        return replace(taken, errors=errors, step=step_of(taken, next(iter(errors))))
    return replace(taken, more=more, finished=not more)


def asked(taken: Taken, steps: Iterable[int]) -> int:
    """Find the first of these steps on which anything is asked; the current step where
    there is none."""
    all_steps = taken.steps()
    for step in steps:
        if any(is_seen(item, taken.filled) for item in all_steps[step]):
            return step
    return taken.step


def is_seen(item: Item, filled: Filled) -> bool:
    if item.name in filled.off:
        return False
    if isinstance(item, Group) and not item.repeats:
        return any(is_seen(inner, filled) for inner in item.items)
    return item.is_shown


def within(taken: Taken, step: int) -> dict[str, Problem]:
    """List what is wrong on one step."""
    steps = taken.steps()
    items = steps[step] if step < len(steps) else []
    names = {item.name for item in walk(items)}
    return {
        key: problem
        for key, problem in taken.filled.errors.items()
        if problem.item.name in names
    }


def step_of(taken: Taken, key: str) -> int:
    name = key.partition(".")[0]
    for number, items in enumerate(taken.steps()):
        if any(item.name == name for item in walk(items)):
            return number
    return taken.step


# --- what was posted


def answers_from(posted: Posted, form: Form, *, language: str = "") -> Filled:
    return form.fill(
        given_in(posted, form), now=timezone.localtime(), language=language
    )


def given_in(posted: Posted, form: Form) -> dict[str, str]:
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
    for node in nodes_of(form.items, (), counts):
        if isinstance(node.item, Question) and node.item.is_answered:
            # A browser sends nothing for boxes that are not ticked; without this the
            # default would come back.
            given.setdefault(node.key, "")
    return given


def repeated(form: Form, given: dict[str, str], move: str, what: str) -> dict[str, str]:
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
    return without(group, given, places)


def without(
    group: Group, given: dict[str, str], place: tuple[int, ...]
) -> dict[str, str]:
    """Remove one repetition; those behind it move up."""
    *outer, gone = place
    depth, names = len(outer), {item.name for item in walk(group.items)}
    kept: dict[str, str] = {}
    for key, answer in given.items():
        name, *rest = key.split(".")
        at = [int(part) for part in rest if part.isdecimal()]
        if name in names and at[:depth] == outer and len(at) > depth:
            if at[depth] == gone:
                continue
            at[depth] -= at[depth] > gone
        kept[key_of(name, tuple(at))] = answer
    count = key_of(group.name, tuple(outer))
    kept[count] = str(max(0, int(given.get(count, "0") or "0") - 1))
    return kept


# --- what is shown


def show(
    request: HttpRequest,
    taken: Taken,
    *,
    to: str,
    title: str = "",
    template: str = "forms/fill.html",
    context: Mapping[str, Any] | None = None,
    drafts: Mapping[str, Any] | None = None,
    finish: str = "",
    along: Mapping[str, str] | None = None,
    given: Mapping[str, Given] | None = None,
) -> HttpResponse:
    """Show a whole page around the form; the browser never stores it."""
    around = {
        "title": title or form_title(taken.form, taken.language),
        "sheet": drawn(
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
        page, status=taken.status, headers={"Cache-Control": "no-store, private"}
    )


def form_title(form: Form, language: str) -> str:
    return said(form.title, language)


def drawn(
    request: HttpRequest | None,
    taken: Taken,
    *,
    to: str,
    drafts: Mapping[str, Any] | None = None,
    finish: str = "",
    along: Mapping[str, str] | None = None,
    given: Mapping[str, Given] | None = None,
) -> SafeString:
    """Render the form itself; without a request it has no CSRF token, and may be
    stored."""
    pen = Pen(taken.filled, taken.language, taken.errors, given or {})
    steps = [
        Section(number, list(pen.items(items)), number == taken.step)
        for number, items in enumerate(taken.steps())
    ]
    of_browser = plan(taken.form, taken.language) | {"words": words_of_browser()}
    if drafts:
        of_browser |= {"drafts": {"words": words_of_drafts(), **drafts}}
    return render_to_string(
        "forms/sheet.html",
        {
            "to": to,
            "taken": taken,
            "steps": steps,
            "asked": numbered(taken),
            "first": asked(taken, range(len(steps))) == taken.step,
            "last": asked(taken, range(taken.step + 1, len(steps))) == taken.step,
            "errors": listed(steps) + unshown(steps, taken.errors, pen),
            "off": " ".join(hidden(taken.filled)),
            "plan": of_browser,
            "finish": finish or _("Finish"),
            "along": along or {},
            "drafts": drafts,
            "direction": direction(taken.language or get_language() or ""),
        },
        request,
    )


def numbered(taken: Taken) -> tuple[int, int]:
    """Number a step among those on which something is asked: which it is, and of how
    many."""
    seen = [
        number
        for number, items in enumerate(taken.steps())
        if any(is_seen(item, taken.filled) for item in items)
    ]
    return (seen.index(taken.step) + 1 if taken.step in seen else 1, len(seen))


def hidden(filled: Filled) -> list[str]:
    """List the questions that could be asked and are not."""
    return [
        node.key
        for node in filled.nodes()
        if isinstance(node.item, Question)
        and node.item.is_answered
        and node.key in filled.off
    ]


def listed(steps: Iterable[Section]) -> list[DrawnQuestion]:
    """List the questions with errors, for the top of the page."""
    return [q for step in steps for q in wrong_in(step.items)]


@dataclass(frozen=True)
class Unshown:
    """An error without a place on the page: of a calculation, or of a condition."""

    label: str
    error: str
    anchor: str = ""


def unshown(
    steps: Iterable[Section], errors: Mapping[str, Problem], pen: Pen
) -> list[Unshown]:
    shown = {question.key for question in listed(steps)}
    return [
        Unshown(problem.item.name, str(pen.sentences[problem.code]))
        for key, problem in errors.items()
        if key not in shown
    ]


def wrong_in(items: Iterable[Drawn]) -> list[DrawnQuestion]:
    found: list[DrawnQuestion] = []
    for item in items:
        if isinstance(item, DrawnQuestion):
            found += [item] if item.error else []
        elif item.of == "group":
            found += wrong_in(item.items)
        else:
            found += [q for entry in item.ones for q in wrong_in(entry.items)]
    return found


def words_of_browser() -> dict[str, str]:
    """Get the texts of the script, in the language of the page."""
    return {"step": _("Step %s of %s"), "clear": _("Clear this answer")}


def words_of_drafts() -> dict[str, str]:
    """Get the texts about unfinished answers that are stored on the device."""
    return words_of_sending() | {
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


def blank(form: Form, language: str = "") -> SafeString:
    """Render every question, with room to write, for paper."""
    language = form.language_for(language or get_language() or "")
    pen = Pen(form.fill({}, now=timezone.localtime(), language=language), language)
    return render_to_string(
        "forms/blank.html",
        {
            "form": form,
            "title": form_title(form, language),
            "items": list(pen.items(form.items)),
            "language": language,
            "direction": direction(language),
        },
    )


def read(filled: Filled, language: str = "") -> SafeString:
    """Render the answers in the form's order, to be read; what isn't asked is left
    out."""
    language = filled.form.language_for(language or get_language() or "")
    return render_to_string("forms/read.html", {"lines": list(lines(filled, language))})


def lines(filled: Filled, language: str) -> Iterable[dict[str, Any]]:
    pen = Pen(filled, language)
    for node in filled.nodes():
        item, key = node.item, node.key
        if key in filled.off or not item.label:
            continue
        label = pen.marked(item.label, Node(item, node.place))
        if isinstance(item, Group):
            yield {"heading": label}
        elif item.is_answered and (answer := filled.values.get(key)):
            yield {"label": label, "answer": filled.label(item.name, answer, language)}
