"""Begin a conversation, say something, stop. All of it stays with the learner."""

from django.db import transaction
from django.utils.translation import gettext as _

from amana.academy.courses.content import load_content
from amana.academy.courses.engine import interview_story, marking
from amana.academy.courses.engine.course_content import Interview, InterviewText
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.practice.interviews.models import PracticeConversation
from amana.academy.practice.interviews.rules import practise
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def begin_interview(
    enrolment: Enrolment, module: str, name: str, *, by: User
) -> PracticeConversation:
    """Begin from the start; a learner who is in the middle of one continues there."""
    learn.require(by, enrolment)
    if find_interview(enrolment, module, name) is None:
        raise Refused(_("There is no such interview in this course."))
    # The constraint `run_one_at_a_time` makes one conversation of two tabs that begin
    # it.
    run, new = PracticeConversation.objects.get_or_create(
        enrolment=enrolment, module=module, name=name
    )
    if new:
        log.record("began interview", run, by=by)
    return run


@transaction.atomic
def choose_answer(run: PracticeConversation, at: int, *, turn: int, by: User) -> None:
    """Choose one of the things that can be said now; `turn` is how many were said
    before. Raises `Changed` when the conversation has moved on."""
    practise.require(by, run)
    if turn != len(run.chosen):
        raise Changed(_("You have already answered here. This is where it led."))
    before, after = run.chosen, [*run.chosen, at]
    try:
        # In any language: they differ in their words alone.
        interview_story.play_interview(get_text(run).story, after)
    except interview_story.BrokenStory:
        raise Refused(_("This answer is not possible here.")) from None
    # Compared and set in one statement: of two tabs the second is refused, and not
    # added to a conversation that it doesn't show.
    if not PracticeConversation.objects.filter(pk=run.pk, chosen=before).update(
        chosen=after
    ):
        raise Changed(_("You have already answered here. This is where it led."))
    run.chosen = after
    log.record("went on in interview", run, by=by)


@transaction.atomic
def stop_interview(run: PracticeConversation, *, by: User) -> None:
    """Stop at any time; nothing of it is kept."""
    practise.require(by, run)
    log.record("stopped interview", run, by=by)
    run.delete()


def shuffle_choices(
    run: PracticeConversation, scene: interview_story.StoryScene
) -> list[tuple[int, str]]:
    """Shuffle what can be said now, each with its place in the story: authors tend to
    write the best answer first. The same when the page is loaded again, also in
    another language."""
    places = map(str, range(len(scene.choices)))
    seed = f"{run.pk} {len(run.chosen)}"
    shuffled = map(int, marking.shuffle_by_seed(places, seed))
    return [(at, scene.choices[at]) for at in shuffled]


def find_interview(enrolment: Enrolment, module: str, name: str) -> Interview | None:
    of = load_content(enrolment.version).module(module)
    return of.interview(name) if of else None


def get_text(run: PracticeConversation, language: str = "") -> InterviewText:
    """Get the conversation in that language, else in the first of the course."""
    interview = find_interview(run.enrolment, run.module, run.name)
    assert interview is not None  # the version stays as it is
    content = load_content(run.enrolment.version)
    return content.in_language(interview.texts, language).said


def get_scene(
    run: PracticeConversation, language: str = ""
) -> interview_story.StoryScene:
    """Get how far it is. What was chosen before in another language stays: choices are
    kept as places in the story."""
    return interview_story.play_interview(get_text(run, language).story, run.chosen)
