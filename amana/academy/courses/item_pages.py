"""How the questions of tests were answered, for those who write them: without people,
and nothing of a question that few answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import (
    Module,
    Question,
    QuestionText,
)
from amana.academy.courses.engine.item_statistics import (
    LEAST_JUDGED,
    LEAST_SHOWN,
    ItemFlag,
    ItemStatistics,
    TakenTest,
    add_items,
    compute_items,
)
from amana.academy.courses.models import Event, LearningVerb, Version
from amana.academy.courses.rules import ITEM_READERS, see_item_statistics
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import show

ITEMS = "courses/items.html"
STEP, TENS = 5, 10
"""Per cent are shown in such steps, and numbers of answers rounded down to such."""


def may_read(user: User) -> bool:
    """Check whether a course’s page leads here; access itself is a rule."""
    return has_role(user, ITEM_READERS)


FLAGS = {
    ItemFlag.TOO_EASY: gettext_lazy("Nearly everyone answers it right."),
    ItemFlag.TOO_HARD: gettext_lazy(
        "Fewer answer it right than by chance. Is the right option the right one?"
    ),
    ItemFlag.NOT_TELLING: gettext_lazy(
        "Those who know the rest answer it no better than others."
    ),
    ItemFlag.DEAD_OPTION: gettext_lazy("Almost no one chooses one of its options."),
}


@dataclass(frozen=True)
class CountedOption:
    text: str
    percent: int
    is_right: bool
    is_dead: bool


@dataclass(frozen=True)
class ShownItem:
    """A question of which enough is known, as reviewers see it."""

    id: str
    text: str
    document: str
    asked: int
    percent: int
    """Of right answers."""
    discrimination: float | None
    options: list[CountedOption]
    flags: list[str]


@require_GET
def item_statistics(request: Request, slug: str, code: str = "") -> HttpResponse:
    """Show how the questions of a module’s test were answered, first those that should
    be read again; of the first module unless one is named."""
    versions = Version.objects.for_page().newest_first().filter(course__slug=slug)
    version = see_item_statistics.find(versions, request.user)
    content = load_content(version)
    module = content.module(code) if code else next(iter(content.modules), None)
    if module is None:
        raise NotAccessible(see_item_statistics, Version, {"module": code})
    items = load_items(version, module)
    shown = [
        build_item(pages.choose_text(content, module.questions[id].texts).said, item)
        for id, item in items.items()
        if item.asked >= LEAST_SHOWN
    ]
    context = {
        "course": content,
        "module": module,
        "modules": [
            (
                pages.format_text(content, each.title),
                reverse("courses:items", args=[slug, each.code]),
                each is module,
            )
            for each in content.modules
        ],
        "title": pages.format_text(content, module.test.title),
        "sections": list(divide_by_flags(shown)),
        "unknown": len(items) - len(shown),
        "least": LEAST_SHOWN,
        "judged": LEAST_JUDGED,
    }
    return show(request, ITEMS, context)


def divide_by_flags(
    items: Sequence[ShownItem],
) -> Iterator[tuple[str, list[ShownItem]]]:
    """Divide questions into those that a person should read again, and the others."""
    if flagged := [item for item in items if item.flags]:
        yield _("To read again"), flagged
    if others := [item for item in items if not item.flags]:
        yield _("Without remarks"), others


def load_items(version: Version, module: Module) -> dict[str, ItemStatistics]:
    """Load how the questions were answered in this version of the course, and in
    others that ask them in the same words."""
    total = compute_items(module, iterate_taken(version, module.code))
    for other in Version.objects.for_page().filter(course=version.course_id):
        older = load_content(other).module(module.code)
        if other.pk == version.pk or older is None:
            continue
        counted = compute_items(older, iterate_taken(other, module.code))
        # Another wording is another question, whatever its code: together their figures
        # would belong to neither.
        same = {
            id: item
            for id, item in counted.items()
            if id in module.questions
            and is_alike(module.questions[id], older.questions[id])
        }
        add_items(total, same)
    return total


def is_alike(question: Question, older: Question) -> bool:
    return (question.texts, question.right) == (older.texts, older.right)


def iterate_taken(version: Version, module: str) -> Iterator[TakenTest]:
    """Yield the submitted tests of a module: no more of them than is counted."""
    submitted = Event.objects.filter(
        verb=LearningVerb.SUBMITTED, object=module, enrolment__version=version
    )
    # Neither who, nor when: with the day of a test and its answers, a colleague could
    # tell whose it was.
    rows = submitted.values_list("attempt__seed", "result")
    for seed, result in rows.iterator():
        yield str(seed), result["answers"]


def build_item(asked: QuestionText, item: ItemStatistics) -> ShownItem:
    # In steps, as the number of answers is: with exact figures, the difference between
    # two visits would be what one person answered in between.
    def share(number: int) -> int:
        return STEP * round(100 / STEP * number / item.asked)

    dead = item.dead if item.asked >= LEAST_JUDGED else []
    return ShownItem(
        id=item.question,
        text=asked.text,
        document=asked.document,
        asked=item.asked - item.asked % TENS,
        percent=share(len(item.rest_right)),
        discrimination=item.discrimination,
        options=[
            CountedOption(
                option.text, share(item.chosen[at]), at in item.right, at in dead
            )
            for at, option in enumerate(asked.options)
        ],
        flags=[str(FLAGS[flag]) for flag in item.flags],
    )
