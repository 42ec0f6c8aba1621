"""What people's own words are about: a public list, the same for everyone.

Those who read the words mark each with its themes. A theme is shown to others once
enough different people spoke of it, and never the words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    WAITING = "waiting", _("Waiting too long")
    HOURS = "hours", _("When it is open")
    WAY = "way", _("Getting there, and what it costs")
    RESPECT = "respect", _("How people are treated")
    LANGUAGE = "language", _("Language and interpreters")
    PRIVACY = "privacy", _("Privacy, and who knows what")
    INFORMATION = "information", _("Not knowing what comes next")
    CHOICE = "choice", _("Making your own decisions")
    REPEATING = "repeating", _("Having to repeat the story")
    CHANGE_OF_STAFF = "staff", _("A new person each time")
    SAFETY = "safety", _("Feeling safe")
    HOUSE = "house", _("Rules and life in the house")
    FOOD = "food", _("Food, clothes and other things")
    PHONE = "phone", _("Telephone and contact with family")
    CHILDREN = "children", _("Children")
    HEALTH = "health", _("Doctors and medicine")
    MIND = "mind", _("Sleep, fear, and someone to talk to")
    WORK = "work", _("Work, school and money")
    PAPERS = "papers", _("Papers and the right to stay")
    LAW = "law", _("Police, courts and lawyers")
    THANKS = "thanks", _("What was good")
    OTHER = "other", _("Something else")
