"""Play an interview: what is said, what one can say, and what is noted of it.

Interviews are written in ink, compiled by their authors and played here by bink. The
current place follows from the choices that were made, so these are all that has to be
kept.

`# who: …` behind a line names the speaker; `# strong: …` and `# think: …` are shown
when it is over.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bink.story import Story

SCENE = "scene"
"""No speaker: what one sees."""
MARKS = ("strong", "think")


DEEPEST = 60
"""Choices on one way: beyond, it goes round in circles."""


class BrokenStory(Exception):
    """The story can't continue: a mistake of its author."""


class EndlessStory(BrokenStory):
    """A way through it has more choices than `DEEPEST`."""


@dataclass(frozen=True)
class StoryPassage:
    text: str
    who: str


@dataclass(frozen=True)
class StoryTurn:
    """What one chose, and what followed."""

    chosen: str
    passages: tuple[StoryPassage, ...]


@dataclass
class StoryScene:
    turns: list[StoryTurn] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)
    think: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return not self.choices


@dataclass(frozen=True)
class StoryPlace:
    """Where one can be in a story, as a learner sees it."""

    scene: StoryScene
    after: tuple[StoryScene, ...]
    """What each choice leads to."""


def read_header(compiled: str) -> dict[str, str]:
    """Read the story's header: title, about, note, minutes."""
    return dict(map(split_tag, start_story(compiled).get_global_tags()))


def split_tag(tag: str) -> tuple[str, str]:
    kind, _colon, said = tag.partition(":")
    return kind.strip(), said.strip()


def play_interview(compiled: str, chosen: Sequence[int]) -> StoryScene:
    """Play from the beginning, by these choices. Raises `BrokenStory` when there is no
    such
    choice, or the story reports an error."""
    told: list[str] = []
    story = start_story(compiled, told)
    # Replayed each time, which takes a millisecond: there is no state of the engine to
    # keep, to sign or to carry over (ADR 19).
    scene = StoryScene()
    words = ""
    for at in (*chosen, None):
        scene.turns.append(StoryTurn(words, tuple(continue_story(story, scene))))
        scene.choices = list(story.get_current_choices())
        if at is None:
            break
        if not 0 <= at < len(scene.choices):
            raise BrokenStory("There is no such choice.")
        words = scene.choices[at]
        story.choose_choice_index(at)
    if told:
        raise BrokenStory("; ".join(told))
    return scene


def explore_story(compiled: str) -> Iterator[StoryPlace]:
    """Yield each place that looks different, trying everything that can be chosen.
    Raises `BrokenStory` where a way does not end."""
    waiting: list[tuple[tuple[int, ...], StoryScene]]
    waiting = [((), play_interview(compiled, ()))]
    seen: set[tuple[object, ...]] = set()
    while waiting:
        chosen, scene = waiting.pop()
        # By what a learner sees there. Each path by itself would grow with every
        # choice, and many places are reached by several.
        place = (scene.turns[-1].passages, *scene.choices)
        if place in seen:
            continue
        seen.add(place)
        if len(chosen) >= DEEPEST:
            raise EndlessStory("; ".join(scene.choices))
        ways = [(*chosen, at) for at in range(len(scene.choices))]
        after = tuple(play_interview(compiled, way) for way in ways)
        yield StoryPlace(scene, after)
        waiting += reversed(list(zip(ways, after, strict=True)))


def start_story(compiled: str, told: list[str] | None = None) -> Story:
    try:
        story = Story(compiled)
    except (RuntimeError, ValueError) as error:
        raise BrokenStory(str(error)) from error
    heard = told if told is not None else []
    story.set_error_handler(lambda said, _is_error: heard.append(str(said)))
    return story


def continue_story(story: Story, scene: StoryScene) -> Iterable[StoryPassage]:
    """Continue until the next choice, or the end."""
    while story.can_continue():
        try:
            text = story.cont().strip()
        except RuntimeError as error:
            raise BrokenStory(str(error)) from error
        who = SCENE
        for kind, said in map(split_tag, story.get_current_tags()):
            if kind == "who":
                who = said
            elif kind in MARKS:
                getattr(scene, kind).append(said)
        if text:
            yield StoryPassage(text, who)
