"""What was found, as charts and tables: where it queues, what one more changes, how two
versions compare."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from amana.design.mechanism import sentences
from amana.design.mechanism.engine import simulation
from amana.design.mechanism.engine.simulation import (
    Band,
    Bands,
    Comparison,
    Foresight,
    OneMore,
    Progress,
)
from amana.design.mechanism.engine.simulation import Figure as F
from amana.design.mechanism.foresight.asking import Look, Question, step_title, title_of
from amana.design.mechanism.foresight.charts import between, chart, share, shown
from amana.design.mechanism.pack.model import Pack

NOTHING = Band(0.0, 0.0, 0.0)
TOO_MUCH = 0.85
"""Of what can be done: above it queues grow fast; above 1 they never end."""
SEED = 1
"""The same question has the same answer, today and tomorrow."""

type Found = Foresight | list[OneMore] | Comparison
type Context = dict[str, Any]


def work_of(question: Question) -> Callable[[Progress], Found]:
    """Build the work that answers the question, to be run in a thread of its own."""
    said, pack = question.cleaned_data, question.pack
    how_much = {"cases": said["cases"], "replications": said["times"], "seed": SEED}
    here, other = (pack.pathway, question.capacity), question.other_pack

    def work(progress: Progress) -> Found:
        match said["look"]:
            case Look.MORE:
                return simulation.one_more(*here, **how_much, progress=progress)
            case Look.COMPARE:
                assert other is not None
                there = other.pathway, other.capacity
                return simulation.compare(there, here, **how_much, progress=progress)
            case _:
                return simulation.foresee(*here, **how_much, progress=progress)

    return work


def shown_of(question: Question, found: Found) -> Context:
    pack = question.pack
    match found:
        case Foresight():
            return queues(pack, found)
        case Comparison():
            assert question.other_pack is not None
            return comparison(pack, question.other_pack, found)
        case _:
            return one_more(pack, found)


# -- where it queues -------------------------------------------------------------------


def queues(pack: Pack, found: Foresight) -> Context:
    waiting = [
        (title_of(pack, kind, name), bands_at(found, kind, name))
        for kind, name in found.queues
    ]
    steps = [(step_title(pack, id), bands) for id, bands in found.steps.items()]
    return {
        "whole": whole(found.whole),
        "longest": first_words(waiting),
        "too_much": any(tone(bands) == "late" for _label, bands in waiting),
        "charts": [
            chart(
                _("Average number waiting"),
                [(label, bands[F.QUEUE], tone(bands)) for label, bands in waiting],
            ),
            chart(
                _("Nine of ten wait at most (days), by step"),
                [(label, bands.get(F.WAIT_P90, NOTHING), "") for label, bands in steps],
            ),
        ],
        "waiting": [
            {
                "label": label,
                "queue": between(bands[F.QUEUE]),
                "half": shown(bands[F.WAIT_MEDIAN].mean),
                "nine": between(bands[F.WAIT_P90]),
                "load": share(bands[F.LOAD].mean) if F.LOAD in bands else "",
                "tone": tone(bands),
            }
            for label, bands in waiting
        ],
        "steps": [
            {
                "label": label,
                "done": shown(bands[F.DONE].mean, 2),
                "half": shown(bands.get(F.WAIT_MEDIAN, NOTHING).mean),
                "nine": between(bands.get(F.WAIT_P90, NOTHING)),
                "late": share(bands[F.LATE].mean) if F.LATE in bands else "",
            }
            for label, bands in steps
        ],
        "ends": [
            (sentences.ending_in_words(end), share(band.mean))
            for end, band in sorted(found.ends.items(), key=lambda one: -one[1].mean)
        ],
    }


def bands_at(found: Foresight, kind: str, name: str) -> Bands:
    return (found.roles if kind == "role" else found.places)[name]


def tone(bands: Bands) -> str:
    load = bands.get(F.LOAD, NOTHING).mean
    return "late" if load >= 1 else "due" if load >= TOO_MUCH else ""


def first_words(waiting: list[tuple[str, Bands]]) -> str:
    """Format in one sentence where the queues are longest."""
    over = [label for label, bands in waiting if tone(bands) == "late"]
    if over:
        return _(
            "More work arrives here than can be done: %(who)s. The queue grows as "
            "long as people keep coming."
        ) % {"who": "; ".join(over)}
    label, bands = waiting[0]
    if shown(bands[F.QUEUE].mean) == shown(0):
        return _("No one waits for long anywhere.")
    return _("The longest queue is here: %(who)s. On average, %(n)s are waiting.") % {
        "who": label,
        "n": shown(bands[F.QUEUE].mean),
    }


def whole(bands: Bands) -> list[tuple[str, str]]:
    return [(label, figure(name, bands[name])) for name, label in labels().items()]


def labels() -> Mapping[F, str]:
    return {
        F.LENGTH_MEDIAN: _("Days until half of the cases have ended"),
        F.LENGTH_P90: _("Days until nine of ten cases have ended"),
        F.WAIT_MEAN: _("Total days of waiting per case"),
        F.LATE: _("Work done late"),
        F.DONE: _("Cases ended per week"),
    }


def figure(name: F, band: Band) -> str:
    return share(band.mean) if name == F.LATE else between(band)


# -- what one more changes -------------------------------------------------------------


def one_more(pack: Pack, found: list[OneMore]) -> Context:
    rows = [
        (
            title_of(pack, change.kind, change.name),
            spared(change.whole[F.WAIT_MEAN]),
            change.whole,
        )
        for change in found
    ]
    return {
        "nobody_waits": not rows,
        "charts": [
            chart(
                _("Days of waiting saved per case by one more"),
                [(label, saved, "") for label, saved, _bands in rows if saved.sure],
            )
        ],
        "more": [
            {
                "label": label,
                "saved": between(saved),
                "nine": between(spared(bands[F.LENGTH_P90])),
                "late": points(spared(bands[F.LATE])),
                "sure": sure(bands[F.WAIT_MEAN]),
            }
            for label, saved, bands in rows
        ],
    }


def spared(change: Band) -> Band:
    """Turn a change into what becomes less."""
    # Adding 0.0 turns -0.0 into 0.0, which would be shown with its sign.
    return Band(-change.mean + 0.0, -change.high + 0.0, -change.low + 0.0)


def points(change: Band) -> str:
    """Format a difference of shares, in percentage points."""
    return shown(100 * change.mean)


def sure(change: Band) -> str:
    if not change.sure:
        return _("no clear difference")
    return _("less") if change.mean < 0 else _("more")


# -- two versions ----------------------------------------------------------------------


def comparison(pack: Pack, other: Pack, found: Comparison) -> Context:
    return {
        "figures": [
            {
                "label": label,
                "there": figure(name, found.before.whole[name]),
                "here": figure(name, found.now.whole[name]),
                "sure": sure(found.whole[name]),
            }
            for name, label in labels().items()
        ],
        "charts": [
            chart(title, queues_of(each_pack, seen))
            for title, each_pack, seen in (
                (_("Number waiting: the other version"), other, found.before),
                (_("Number waiting: this version"), pack, found.now),
            )
        ],
        "steps_beside": steps_beside(pack, other, found),
    }


def queues_of(pack: Pack, found: Foresight) -> list[tuple[str, Band, str]]:
    every = [
        (title_of(pack, kind, name), bands_at(found, kind, name))
        for kind, name in found.queues
    ]
    return [(label, bands[F.QUEUE], tone(bands)) for label, bands in every]


def steps_beside(pack: Pack, other: Pack, found: Comparison) -> list[dict[str, str]]:
    ids = dict.fromkeys([*found.now.steps, *found.before.steps])
    return [
        {
            "label": step_title(pack if id in pack.pathway.steps else other, id),
            "there": nine(found.before.steps.get(id)),
            "here": nine(found.now.steps.get(id)),
        }
        for id in ids
    ]


def nine(bands: Bands | None) -> str:
    return between(bands.get(F.WAIT_P90, NOTHING)) if bands else "–"
