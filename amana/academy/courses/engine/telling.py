"""Play an interview: what is said, what one can say, and what is noted of it.

Interviews are written in ink, compiled by their authors and played here by bink. The
current place follows from the choices that were made, so these are all that has to be
kept.

`# who: …` behind a line names the speaker; `# strong: …` and `# think: …` are shown
when it is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bink.story import Story

SCENE = "scene"
"""No speaker: what one sees."""
MARKS = ("strong", "think")


class Broken(Exception):
    """The story can't continue: a mistake of its author."""


@dataclass(frozen=True)
class Passage:
    text: str
    who: str


@dataclass(frozen=True)
class Turn:
    """What one chose, and what followed."""

    chosen: str
    passages: tuple[Passage, ...]


@dataclass
class Scene:
    turns: list[Turn] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)
    think: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return not self.choices


def about(compiled: str) -> dict[str, str]:
    """Read the story's header: title, about, note, minutes."""
    return dict(map(split, begun(compiled).get_global_tags()))


def split(tag: str) -> tuple[str, str]:
    kind, _colon, said = tag.partition(":")
    return kind.strip(), said.strip()


def play(compiled: str, chosen: Sequence[int]) -> Scene:
    """Play from the beginning, by these choices. Raises `Broken` when there is no such
    choice, or the story reports an error."""
    told: list[str] = []
    story = begun(compiled, told)
    # Replayed each time, which takes a millisecond: there is no state of the engine to
    # keep, to sign or to carry over (ADR 19).
    scene = Scene()
    words = ""
    for at in (*chosen, None):
        scene.turns.append(Turn(words, tuple(went_on(story, scene))))
        scene.choices = list(story.get_current_choices())
        if at is None:
            break
        if not 0 <= at < len(scene.choices):
            raise Broken("There is no such choice.")
        words = scene.choices[at]
        story.choose_choice_index(at)
    if told:
        raise Broken("; ".join(told))
    return scene


def begun(compiled: str, told: list[str] | None = None) -> Story:
    try:
        story = Story(compiled)
    except (RuntimeError, ValueError) as error:
        raise Broken(str(error)) from error
    heard = told if told is not None else []
    story.set_error_handler(lambda said, _is_error: heard.append(str(said)))
    return story


def went_on(story: Story, scene: Scene) -> Iterable[Passage]:
    """Continue until the next choice, or the end."""
    while story.can_continue():
        try:
            text = story.cont().strip()
        except RuntimeError as error:
            raise Broken(str(error)) from error
        who = SCENE
        for kind, said in map(split, story.get_current_tags()):
            if kind == "who":
                who = said
            elif kind in MARKS:
                getattr(scene, kind).append(said)
        if text:
            yield Passage(text, who)
