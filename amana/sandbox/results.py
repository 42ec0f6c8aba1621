"""What an exercise came to, kept in its folder for those who compare two of them."""

from amana.academy.exercises.engine.criteria import score_conduct
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.standard_criteria import STANDARD
from amana.sandbox import playing
from amana.sandbox.here import FOLDER


def keep_scores(log: ExerciseLog) -> None:
    """Keep the verdict of each criterion; nothing of who did what. Only of one that has
    ended: until then, a verdict may change."""
    if log.ended:
        codes = playing.load_scenario().criteria
        scores = {code: score_conduct(log, STANDARD[code].criterion) for code in codes}
        FOLDER.write_scores({code: str(s.verdict) for code, s in scores.items()})
