"""What imports announce."""

from django.dispatch import Signal

step_waiting = Signal()
"""The next step of the `brought` import can be done in the background. Sent in the
transaction of the step before."""
