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
    "more": lazy("More information needed first"),
    "adult": lazy("An adult"),
    "child": lazy("A child"),
    "safe": lazy("Safe to talk"),
    "danger": lazy("Danger"),
    "not_established": lazy("Not established"),
    "asked": lazy("Asked for"),
    "not_asked": lazy("Not asked for"),
    "changed": lazy("Decision changed"),
    "upheld": lazy("Decision upheld"),
    "stay": lazy("To stay"),
    "return": lazy("To return"),
    "aggravated": lazy("Yes, with harm or danger"),
    "plan_agreed": lazy("The plan is agreed"),
    "plan_changed": lazy("The plan was changed"),
    "again": lazy("Another case conference needed"),
    "urgent": lazy("Urgent"),
    "standard": lazy("Standard"),
    "now": lazy("Now"),
    "today": lazy("Today"),
    "h72": lazy("Within 72 hours"),
    "h120": lazy("Within 120 hours"),
    "longer": lazy("Longer ago"),
    "not_told": lazy("Not reported"),
    "tuberculosis": lazy("Tuberculosis"),
    "other_illness": lazy("Another illness"),
    "not_found": lazy("Not found"),
    "crisis": lazy("In crisis"),
    "burdened": lazy("Under strain"),
    "steady": lazy("Stable"),
    "perhaps": lazy("Perhaps"),
    "hospital": lazy("The hospital"),
    "health_post": lazy("The health post"),
    "shared": lazy("One that both speak"),
    "other": lazy("Another"),
    "goes_on": lazy("Continues"),
    "finished": lazy("Finished"),
    "elsewhere": lazy("Elsewhere"),
    "ask_again": lazy("Ask again"),
    "soon": lazy("Soon"),
    "well": lazy("Well"),
    "needed": lazy("A bed is needed"),
    "has_one": lazy("Has a bed"),
    "stays": lazy("To stay here"),
    "apart": lazy("Separated from relatives"),
    "together": lazy("With relatives"),
    "stay_first": lazy("Rest first"),
    "in_time": lazy("There is time"),
    "still_coming": lazy("Still on the way"),
    "nothing": lazy("No news"),
    "family_links": lazy("A tracing service"),
    "no_one": lazy("No one"),
}
"""What a step may leave behind."""

NAMES: Mapping[str, Words] = {
    "age_group": lazy("Age"),
    "urgency": lazy("Urgency"),
    "safety": lazy("Safety"),
    "agrees": lazy("Does the person agree?"),
    "presumed": lazy("Could the person have been trafficked?"),
    "smuggled": lazy("Was the person smuggled?"),
    "look_again": lazy("Are there signs of trafficking after all?"),
    "route": lazy("Route"),
    "grounds": lazy("Are there reasonable grounds?"),
    "identified": lazy("Has the person been identified as a victim?"),
    "review": lazy("Has a review been requested?"),
    "outcome": lazy("Outcome of the review"),
    "children": lazy("How many children are with the person?"),
    "conference": lazy("Outcome of the case conference"),
    "option": lazy("What the person chooses"),
    "goes_on": lazy("Does the person want to continue?"),
    "return_safe": lazy("Would a return be safe?"),
    "state": lazy("How the person is doing"),
    "language": lazy("Language of the conversation"),
    "care_when": lazy("When care is needed"),
    "violence": lazy("Time since sexual violence"),
    "lasting": lazy("Long-term illness"),
    "mind": lazy("Mental health"),
    "signs": lazy("Are there signs of trafficking?"),
    "place": lazy("Where care is given"),
    "treatment": lazy("Treatment status"),
    "passes_on": lazy("Does the person want to be referred?"),
    "found": lazy("Was a place found?"),
    "health": lazy("Is care needed?"),
    "bed": lazy("Is a bed needed?"),
    "leaves": lazy("When the person wants to move on"),
    "family": lazy("Is the person with relatives?"),
    "before_leaving": lazy("What comes before travel"),
    "search": lazy("Does the person want a search?"),
    "heard": lazy("News from the person"),
    "told": lazy("Who is notified, as the person wished"),
}
"""What each is asked under."""

LISTS: Mapping[str, Words] = {
    "children": lazy("child"),
}
"""One of a list."""

ENDS: Mapping[str, Words] = {
    "closed": lazy("Closed by agreement with the person"),
    "declined": lazy("The person did not want to continue"),
    "other_protection": lazy("Led to other protection"),
    "withdrawn": lazy("The person withdrew consent"),
    "cancelled": lazy("Stopped"),
    "cared_for": lazy("Cared for today"),
    "helped_today": lazy("Helped today"),
}
"""How a case ends."""

MESSAGES: Mapping[str, Words] = {
    "consent_withdrawn": lazy("The person withdraws consent"),
    "ready_to_decide": lazy("The person is ready to decide"),
    "transfer_accepted": lazy("The other country accepts"),
    "transfer_declined": lazy("The other country declines"),
    "referral_made": lazy("The person is referred"),
    "reflection_over": lazy("The recovery period is over"),
    "transfer_proposed": lazy("A transfer is proposed"),
    "no_review_asked": lazy("No review was requested"),
    "stays_here": lazy("The person stays here"),
    "came_to_visit": lazy("The person came to the appointment"),
    "signs_seen": lazy("Signs of trafficking were seen"),
    "referral_accepted": lazy("The referral is accepted"),
    "referral_declined": lazy("The referral is declined"),
    "arrived": lazy("The person has arrived"),
    "search_asked": lazy("The person asks for a search"),
    "person_missing": lazy("The person has not arrived"),
}
"""What is told or heard."""
