"""What an exercise came to, kept in its folder for those who compare two of them."""

from amana.academy.exercises.engine.criteria import score_conduct
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.standard_criteria import STANDARD
from amana.sandbox import playing
from amana.sandbox.here import FOLDER
from amana.trust.audit import sealing


def keep_scores(log: ExerciseLog) -> None:
    """Keep the verdict of each criterion; nothing of who did what. Only of one that has
    ended: until then, a verdict may change."""
    if log.ended:
        codes = playing.load_scenario().criteria
        scores = {code: score_conduct(log, STANDARD[code].criterion) for code in codes}
        FOLDER.write_scores({code: str(s.verdict) for code, s in scores.items()})
        keep_log_head()


def keep_log_head() -> None:
    """Keep how long the log was at the end, and the root of its tree (RFC 6962): with
    it, a certificate binds what it says of the exercise to what was done. Once: what is
    read afterwards is logged too."""
    if FOLDER.read_log_head() is None:
        # The tree lags behind what was just committed; the root has to have all of it.
        sealing.seal_all()
        size = sealing.get_tree_size()
        FOLDER.write_log_head(size, sealing.compute_root(size).hex())
