"""The moments of an exercise, from which it is played another way, and what each way
came to."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from amana.academy.exercises import actions, labels, replaying, rules
from amana.academy.exercises.labels import choose_text
from amana.academy.exercises.models import Exercise
from amana.academy.exercises.replaying import ComparedPlay
from amana.academy.exercises.standard_criteria import STANDARD
from amana.academy.exercises.views import find_exercise, get_place_time
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once

REPLAY, COMPARE = "scenarios/replay.html", "scenarios/compare.html"


@require_GET
def moments(request: Request, pk: UUID) -> HttpResponse:
    """Show the moments that were kept, with what came next and what is asked of it."""
    kept = Exercise.objects.kept().for_list()
    found = rules.lead.find(kept, request.user, pk=pk)
    scenario = actions.get_scenario(found.scenario).scenario
    questions = {
        asked.at: choose_text(asked.ask) for asked in scenario.debrief if asked.at
    }
    rows = []
    for moment in found.folder.list_moments():
        known = [code for code in moment.codes if code in scenario.injects]
        texts = [choose_text(scenario.injects[code].text) for code in known]
        asked = [questions[code] for code in known if code in questions]
        at = get_place_time(scenario, moment.at)
        rows.append((moment.number, at, texts, asked))
    context = {"exercise": found, "title": choose_text(scenario.title), "moments": rows}
    return show(request, REPLAY, context)


@require_POST
@apply_once
def replay(request: Request, pk: UUID, number: int) -> HttpResponse:
    kept = Exercise.objects.kept().for_list()
    found = rules.lead.find(kept, request.user, pk=pk)
    opened = replaying.replay_exercise(found, number, by=request.user)
    return done(request, then=reverse("scenarios:exercise", args=[opened.pk]))


@require_GET
def compare(request: Request, pk: UUID) -> HttpResponse:
    """Show each criterion, with its verdict in each way that it was played."""
    found = find_exercise(request, pk)
    scenario = actions.get_scenario(found.scenario).scenario
    plays = replaying.list_plays(found, request.user)
    context = {
        "exercise": found,
        "title": choose_text(scenario.title),
        "plays": [
            (
                play.exercise.opened_at,
                get_place_time(scenario, play.exercise.replayed_from),
                bool(play.scores),
            )
            for play in plays
        ],
        "rows": [
            (str(STANDARD[code].title), [format_verdict(play, code) for play in plays])
            for code in scenario.criteria
        ],
    }
    return show(request, COMPARE, context)


def format_verdict(play: ComparedPlay, code: str) -> tuple[str, str]:
    """Format a verdict and its tone; empty where there is none yet."""
    verdicts = {str(verdict): shown for verdict, shown in labels.VERDICTS.items()}
    words, tone = verdicts.get(play.scores.get(code, ""), ("–", "plain"))
    return str(words), tone
