"""What the public directory lists: services that chose to be public and take people.

A hidden place is never among them, whatever it chose (see `safe_places`)."""

import numpy as np
from django.conf import settings

from amana.design.directory.catalogue import Catalogue
from amana.design.directory.matching.columns import Truths
from amana.design.directory.models import Service
from amana.design.directory.models.services import ServiceQuerySet

PUBLIC = Service.Visibility.PUBLIC


def find_listed() -> ServiceQuerySet:
    """Find the services that are listed."""
    return Service.objects.active().filter(visibility=PUBLIC, hidden=False)


def is_open() -> bool:
    """Check whether there is a public directory: a service is listed, and the operator
    has not closed it."""
    return settings.PUBLIC_DIRECTORY and find_listed().exists()


def mask_chosen(catalogue: Catalogue) -> Truths:
    """Mask the rows of services that chose to be public and have not ended, hidden
    places and those that take no new people among them."""
    directory = catalogue.directory
    rows = np.arange(len(directory))
    # Once for each visibility, and not for each service.
    chosen = [known == PUBLIC for known in catalogue.visibility.known]
    public = catalogue.visibility.where(chosen, rows)
    return np.asarray(public & ~directory["ended"], np.bool)


def mask_listed(catalogue: Catalogue) -> Truths:
    """Mask the rows of the services that are listed."""
    directory = catalogue.directory
    taking = mask_chosen(catalogue) & ~directory["paused"]
    return np.asarray(taking & ~directory["hidden"], np.bool)
