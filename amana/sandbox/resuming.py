"""What a process that was killed had noted, and not done: an inject, or the answer of a
script. Each is noted first, so that it never happens twice."""

from amana.academy.exercises.accounts import CONTROL
from amana.academy.exercises.engine.scenario import Scenario
from amana.sandbox import act_log, directing, playing, scripted_answers
from amana.sandbox.agency_accounts import get_user
from amana.sandbox.stage import Stage


def resume(stage: Stage) -> None:
    """Do what was left; called once, when a process starts."""
    if stage.ended_at is None:
        scenario = playing.load_scenario()
        finish_injects(stage, scenario)
        finish_answer(stage, scenario)


def finish_injects(stage: Stage, scenario: Scenario) -> None:
    by, events = f"user:{get_user(CONTROL).pk}", act_log.read_log().events
    for code in stage.played:
        what = scenario.injects[code].do
        is_done = what is None or any(
            event.by == by and what.is_shown_by(event.act, event.keys)
            for event in events
        )
        if what and not is_done:
            directing.do_by_itself(stage, what)


def finish_answer(stage: Stage, scenario: Scenario) -> None:
    """Give the last answer that was noted, where it is still awaited."""
    last = stage.answered_last
    if last is None:
        return
    found = scripted_answers.list_scripted_acts(
        scenario, act_log.read_log(), stage, again=last
    )
    for act in found:
        # What was answered already is left as it is by the action itself.
        if act.answered == last:
            scripted_answers.play_script(stage, act)
