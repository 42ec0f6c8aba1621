"""Codes of a pathway in words: those that packs use. Another is shown as it is written.

A pack holds codes, so that it can be checked and replayed; people read these words, on
screens and on paper, in their language.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

type Words = str | Promise

CODES: Mapping[str, Words] = {
    "yes": lazy("Yes"),
    "no": lazy("No"),
    "unsure": lazy("Unsure"),
    "later": lazy("Later"),
    "more": lazy("More is needed first"),
    "adult": lazy("An adult"),
    "child": lazy("A child"),
    "safe": lazy("Safe to talk"),
    "danger": lazy("Danger"),
    "not_established": lazy("Not established"),
    "asked": lazy("Asked for"),
    "not_asked": lazy("Not asked for"),
    "changed": lazy("Decided otherwise"),
    "upheld": lazy("The decision stands"),
    "stay": lazy("To stay"),
    "return": lazy("To return"),
    "aggravated": lazy("Yes, with harm or danger"),
    "plan_agreed": lazy("The plan is agreed"),
    "plan_changed": lazy("The plan was changed"),
    "again": lazy("Another conference is needed"),
    "urgent": lazy("Urgent"),
    "standard": lazy("Usual"),
    "now": lazy("Now"),
    "today": lazy("Today"),
    "h72": lazy("Within 72 hours"),
    "h120": lazy("Within 120 hours"),
    "longer": lazy("Longer ago"),
    "not_told": lazy("Not told"),
    "tuberculosis": lazy("Tuberculosis"),
    "other_illness": lazy("Another illness"),
    "not_found": lazy("Not found"),
    "crisis": lazy("In a crisis"),
    "burdened": lazy("Burdened"),
    "steady": lazy("Steady"),
    "perhaps": lazy("Perhaps"),
    "hospital": lazy("The hospital"),
    "health_post": lazy("The health post"),
    "shared": lazy("One that both speak"),
    "other": lazy("Another"),
    "goes_on": lazy("It goes on"),
    "finished": lazy("Finished"),
    "elsewhere": lazy("Elsewhere"),
    "ask_again": lazy("Ask again"),
    "soon": lazy("Soon"),
    "well": lazy("Well"),
    "needed": lazy("A bed is needed"),
    "has_one": lazy("Has a bed"),
    "stays": lazy("To stay here"),
    "apart": lazy("Apart from relatives"),
    "together": lazy("With relatives"),
    "stay_first": lazy("First a rest"),
    "in_time": lazy("There is time"),
    "still_coming": lazy("Still on the way"),
    "nothing": lazy("Nothing was heard"),
    "family_links": lazy("A tracing service"),
    "no_one": lazy("No one"),
}
"""What a step may leave behind."""

NAMES: Mapping[str, Words] = {
    "age_group": lazy("Age"),
    "urgency": lazy("Urgency"),
    "safety": lazy("Safety"),
    "agrees": lazy("Does the person agree?"),
    "presumed": lazy("May the person have been trafficked?"),
    "smuggled": lazy("Was the person smuggled?"),
    "look_again": lazy("Are there signs of trafficking after all?"),
    "route": lazy("Way"),
    "grounds": lazy("Are there reasonable grounds?"),
    "identified": lazy("Is the person identified?"),
    "review": lazy("Is a review asked for?"),
    "outcome": lazy("What comes of the review"),
    "children": lazy("How many children are with the person?"),
    "conference": lazy("What came of the conference"),
    "option": lazy("What the person chooses"),
    "goes_on": lazy("Does the person wish to go on?"),
    "return_safe": lazy("Would a return be safe?"),
    "state": lazy("How the person is"),
    "language": lazy("The language of the talk"),
    "care_when": lazy("When care is needed"),
    "violence": lazy("How long ago sexual violence was"),
    "lasting": lazy("A lasting illness"),
    "mind": lazy("How the mind is"),
    "signs": lazy("Are there signs of trafficking?"),
    "place": lazy("Where care is given"),
    "treatment": lazy("How the treatment stands"),
    "passes_on": lazy("Does the person wish to be passed on?"),
    "found": lazy("Was a place found?"),
    "health": lazy("Is care needed?"),
    "bed": lazy("Is a bed needed?"),
    "leaves": lazy("When the person wishes to go on"),
    "family": lazy("Is the person with relatives?"),
    "before_leaving": lazy("What comes before the road"),
    "search": lazy("Does the person wish for a search?"),
    "heard": lazy("What was heard from the person"),
    "told": lazy("Who is told, as the person wished"),
}
"""What each is asked under."""

LISTS: Mapping[str, Words] = {
    "children": lazy("child"),
}
"""One of a list."""

ENDS: Mapping[str, Words] = {
    "closed": lazy("Closed together"),
    "declined": lazy("The person wished no more"),
    "other_protection": lazy("Led to other protection"),
    "withdrawn": lazy("The person took back the consent"),
    "cancelled": lazy("Stopped"),
    "cared_for": lazy("Cared for today"),
    "helped_today": lazy("Helped today"),
}
"""How a case ends."""

MESSAGES: Mapping[str, Words] = {
    "consent_withdrawn": lazy("The person takes back the consent"),
    "ready_to_decide": lazy("The person is ready to decide"),
    "transfer_accepted": lazy("The other country accepts"),
    "transfer_declined": lazy("The other country declines"),
    "referral_made": lazy("The person is passed on"),
    "reflection_over": lazy("The time to rest is over"),
    "transfer_proposed": lazy("A transfer is proposed"),
    "no_review_asked": lazy("No review was asked for"),
    "stays_here": lazy("The person stays here"),
    "came_to_visit": lazy("The person came to the visit"),
    "signs_seen": lazy("Signs of trafficking were seen"),
    "referral_accepted": lazy("The referral is accepted"),
    "referral_declined": lazy("The referral is declined"),
    "arrived": lazy("The person has arrived"),
    "search_asked": lazy("The person asks for a search"),
    "person_missing": lazy("The person has not arrived"),
}
"""What is told or heard."""
