"""What was found, as charts and tables: where it queues, what one more changes, how two
versions compare."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.simulation import simulator
from amana.design.simulation.asking import (
    SimulationForm,
    SimulationView,
    format_step_title,
    format_title,
)
from amana.design.simulation.charts import (
    build_chart,
    format_interval,
    format_number,
    format_share,
)
from amana.design.simulation.simulator import (
    Bands,
    ConfidenceBand,
    MarginalEffect,
    Progress,
    SimulationComparison,
    SimulationResult,
)
from amana.design.simulation.simulator import SimulatedFigure as F

NOTHING = ConfidenceBand(0.0, 0.0, 0.0)
TOO_MUCH = 0.85
"""Of what can be done: above it queues grow fast; above 1 they never end."""
SEED = 1
"""The same question has the same answer, today and tomorrow."""

type Found = SimulationResult | list[MarginalEffect] | SimulationComparison
type Context = dict[str, object]


def build_work(question: SimulationForm) -> Callable[[Progress], Found]:
    """Build the work that answers the question, to be run in a thread of its own."""
    said, pack = question.cleaned_data, question.pack
    how_much = {"cases": said["cases"], "replications": said["times"], "seed": SEED}
    here, other = (pack.pathway, question.capacity), question.other_pack

    def work(progress: Progress) -> Found:
        match said["look"]:
            case SimulationView.MORE:
                return simulator.try_one_more(*here, **how_much, progress=progress)
            case SimulationView.COMPARE:
                assert other is not None
                there = other.pathway, other.capacity
                return simulator.compare_versions(
                    there, here, **how_much, progress=progress
                )
            case _:
                return simulator.simulate_repeatedly(
                    *here, **how_much, progress=progress
                )

    return work


def build_context(question: SimulationForm, found: Found) -> Context:
    pack = question.pack
    match found:
        case SimulationResult():
            return build_queues(pack, found)
        case SimulationComparison():
            assert question.other_pack is not None
            return build_comparison(pack, question.other_pack, found)
        case _:
            return build_one_more(pack, found)


# -- where it queues -------------------------------------------------------------------


def build_queues(pack: Pack, found: SimulationResult) -> Context:
    waiting = [
        (format_title(pack, kind, name), get_bands(found, kind, name))
        for kind, name in found.queues
    ]
    steps = [(format_step_title(pack, id), bands) for id, bands in found.steps.items()]
    return {
        "whole": list_whole_figures(found.whole),
        "longest": format_summary(waiting),
        "too_much": any(choose_tone(bands) == "late" for _label, bands in waiting),
        "charts": [
            build_chart(
                _("Average number waiting"),
                [
                    (label, bands[F.QUEUE], choose_tone(bands))
                    for label, bands in waiting
                ],
            ),
            build_chart(
                _("Nine of ten wait at most (days), by step"),
                [(label, bands.get(F.WAIT_P90, NOTHING), "") for label, bands in steps],
            ),
        ],
        "waiting": [
            {
                "label": label,
                "queue": format_interval(bands[F.QUEUE]),
                "half": format_number(bands[F.WAIT_MEDIAN].mean),
                "nine": format_interval(bands[F.WAIT_P90]),
                "load": format_share(bands[F.LOAD].mean) if F.LOAD in bands else "",
                "tone": choose_tone(bands),
            }
            for label, bands in waiting
        ],
        "steps": [
            {
                "label": label,
                "done": format_number(bands[F.DONE].mean, 2),
                "half": format_number(bands.get(F.WAIT_MEDIAN, NOTHING).mean),
                "nine": format_interval(bands.get(F.WAIT_P90, NOTHING)),
                "late": format_share(bands[F.LATE].mean) if F.LATE in bands else "",
            }
            for label, bands in steps
        ],
        "ends": [
            (labels.format_ending(end), format_share(band.mean))
            for end, band in sorted(found.ends.items(), key=lambda one: -one[1].mean)
        ],
    }


def get_bands(found: SimulationResult, kind: str, name: str) -> Bands:
    return (found.roles if kind == "role" else found.places)[name]


def choose_tone(bands: Bands) -> str:
    load = bands.get(F.LOAD, NOTHING).mean
    return "late" if load >= 1 else "due" if load >= TOO_MUCH else ""


def format_summary(waiting: list[tuple[str, Bands]]) -> str:
    """Format in one sentence where the queues are longest."""
    over = [label for label, bands in waiting if choose_tone(bands) == "late"]
    if over:
        return _(
            "More work arrives here than can be done: %(who)s. The queue grows as "
            "long as people keep coming."
        ) % {"who": "; ".join(over)}
    label, bands = waiting[0]
    if format_number(bands[F.QUEUE].mean) == format_number(0):
        return _("No one waits for long anywhere.")
    return _("The longest queue is here: %(who)s. On average, %(n)s are waiting.") % {
        "who": label,
        "n": format_number(bands[F.QUEUE].mean),
    }


def list_whole_figures(bands: Bands) -> list[tuple[str, str]]:
    return [
        (label, format_figure(name, bands[name]))
        for name, label in get_labels().items()
    ]


def get_labels() -> Mapping[F, str]:
    return {
        F.LENGTH_MEDIAN: _("Days until half of the cases have ended"),
        F.LENGTH_P90: _("Days until nine of ten cases have ended"),
        F.WAIT_MEAN: _("Total days of waiting per case"),
        F.LATE: _("Work done late"),
        F.DONE: _("Cases ended per week"),
    }


def format_figure(name: F, band: ConfidenceBand) -> str:
    return format_share(band.mean) if name == F.LATE else format_interval(band)


# -- what one more changes -------------------------------------------------------------


def build_one_more(pack: Pack, found: list[MarginalEffect]) -> Context:
    rows = [
        (
            format_title(pack, change.kind, change.name),
            negate_band(change.whole[F.WAIT_MEAN]),
            change.whole,
        )
        for change in found
    ]
    return {
        "nobody_waits": not rows,
        "charts": [
            build_chart(
                _("Days of waiting saved per case by one more"),
                [(label, saved, "") for label, saved, _bands in rows if saved.sure],
            )
        ],
        "more": [
            {
                "label": label,
                "saved": format_interval(saved),
                "nine": format_interval(negate_band(bands[F.LENGTH_P90])),
                "late": format_points(negate_band(bands[F.LATE])),
                "sure": format_certainty(bands[F.WAIT_MEAN]),
            }
            for label, saved, bands in rows
        ],
    }


def negate_band(change: ConfidenceBand) -> ConfidenceBand:
    """Turn a change into what becomes less."""
    # Adding 0.0 turns -0.0 into 0.0, which would be shown with its sign.
    return ConfidenceBand(-change.mean + 0.0, -change.high + 0.0, -change.low + 0.0)


def format_points(change: ConfidenceBand) -> str:
    """Format a difference of shares, in percentage points."""
    return format_number(100 * change.mean)


def format_certainty(change: ConfidenceBand) -> str:
    if not change.sure:
        return _("no clear difference")
    return _("less") if change.mean < 0 else _("more")


# -- two versions ----------------------------------------------------------------------


def build_comparison(pack: Pack, other: Pack, found: SimulationComparison) -> Context:
    return {
        "figures": [
            {
                "label": label,
                "there": format_figure(name, found.before.whole[name]),
                "here": format_figure(name, found.now.whole[name]),
                "sure": format_certainty(found.whole[name]),
            }
            for name, label in get_labels().items()
        ],
        "charts": [
            build_chart(title, list_queue_bars(each_pack, seen))
            for title, each_pack, seen in (
                (_("Number waiting: the other version"), other, found.before),
                (_("Number waiting: this version"), pack, found.now),
            )
        ],
        "steps_beside": list_step_rows(pack, other, found),
    }


def list_queue_bars(
    pack: Pack, found: SimulationResult
) -> list[tuple[str, ConfidenceBand, str]]:
    every = [
        (format_title(pack, kind, name), get_bands(found, kind, name))
        for kind, name in found.queues
    ]
    return [(label, bands[F.QUEUE], choose_tone(bands)) for label, bands in every]


def list_step_rows(
    pack: Pack, other: Pack, found: SimulationComparison
) -> list[dict[str, str]]:
    ids = dict.fromkeys([*found.now.steps, *found.before.steps])
    return [
        {
            "label": format_step_title(pack if id in pack.pathway.steps else other, id),
            "there": format_nine_in_ten(found.before.steps.get(id)),
            "here": format_nine_in_ten(found.now.steps.get(id)),
        }
        for id in ids
    ]


def format_nine_in_ten(bands: Bands | None) -> str:
    return format_interval(bands.get(F.WAIT_P90, NOTHING)) if bands else "–"
