"""Faults of asking whether a person is known elsewhere."""

from typing import Any

from .registry import fault, put

KNOWN = "amana/care/known_elsewhere/tests"


@fault(KNOWN)
def hit_told_at_once() -> None:
    """Whoever asked learns that she is known before anyone there has answered."""
    from amana.care.known_elsewhere import actions

    reply = actions.comparing_cards._reply

    def told(question: Any, content: Any, *, by: Any) -> None:
        found = actions.parcels.open_parcel(question.pk, by=by, purpose="test")
        case = next(iter(found.values())).get("case")
        reply(question, {"contact": {"name": "known"} if case else {}}, by=by)

    put(actions, _reply=told)


@fault(KNOWN)
def hit_in_the_log() -> None:
    """The log's reader sees whom another organisation knows."""
    from amana.care.known_elsewhere import actions

    known = actions.comparing_cards._known

    def logged(person: Any, team: Any, *, by: Any) -> Any:
        hit = known(person, team, by=by)
        if hit:
            actions.log.record("found", by=by, case=hit.case)
        return hit

    put(actions, _known=logged)


@fault(KNOWN)
def size_tells_a_hit() -> None:
    """Whoever holds the database reads from a size whether she is known."""
    from amana.care.known_elsewhere import actions

    put(actions, fill_to_size=lambda content: dict(content) | {"fill": "." * 900})
    found = actions.comparing_cards._compare

    def longer(question: Any, *, by: Any) -> None:
        found(question, by=by)
        opened = actions.parcels.open_parcel(question.pk, by=by, purpose="test")
        content = opened[actions.PART]
        more = dict(content) | {"fill": "." * (2000 if content["case"] else 900)}
        actions.parcels.rewrite(question.pk, {actions.PART: more}, by=by)

    put(actions, _compare=longer)


@fault(KNOWN)
def whole_house_sees_a_hit() -> None:
    """Everyone in the house learns that a case of theirs is asked about."""
    from django.db.models import Q

    from amana.care.known_elsewhere import actions
    from amana.trust.access.rules import define_rule

    put(actions, see_case=define_rule(lambda user: Q()))


@fault(KNOWN)
def telephone_alone_is_a_hit() -> None:
    """A stranger who shares a telephone is told of: those whom one trafficker holds."""
    from amana.care.known_elsewhere import actions

    put(actions, is_strong=lambda hit: True)


@fault(KNOWN)
def names_tried_without_end() -> None:
    """One person asks about a whole list of names."""
    from amana.care.known_elsewhere import actions

    put(actions, is_over_budget=lambda case, *, by: False)


@fault(KNOWN)
def police_asks_who_is_helped() -> None:
    """An office that looks for someone asks who helps them."""
    from amana.care.known_elsewhere import rules

    put(rules, APART=())


@fault(KNOWN)
def answer_in_the_log() -> None:
    """The log's reader sees that someone answered, and so whom they know."""
    from amana.care.known_elsewhere import actions

    right = actions.answer_question

    def logged(question: Any, *, by: Any) -> Any:
        heard = right(question, by=by)
        actions.log.record("looked at questions", question, by=by)
        return heard

    put(actions, answer_question=logged)


@fault(f"{KNOWN}/test_alike.py::test_an_answer_leaves_what_a_look_leaves")
def answer_keeps_its_form() -> None:
    """A form that is kept says who answered, and so whose team knows whom."""
    from amana.care.known_elsewhere import views
    from amana.ui.models import Submission

    right = views.answer

    def kept(request: Any) -> Any:
        Submission.objects.create(
            sender=str(request.user.pk), key=request.POST["_once"]
        )
        return right(request)

    put(views, answer=kept)


@fault(KNOWN)
def answer_lost_by_a_look() -> None:
    """The next look seals an empty reply over the answer."""
    from amana.care.known_elsewhere import actions

    reply = actions.comparing_cards._reply

    def emptied(question: Any, content: Any, *, by: Any) -> None:
        answered = question.looked_at is None or content == {"contact": {}}
        reply(question, content if answered else {"contact": {}}, by=by)

    put(actions, _reply=emptied)
