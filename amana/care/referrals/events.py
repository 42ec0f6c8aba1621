"""What others may want to know of referrals. Each is sent with `referral` and `by`,
inside the action; `by` is None when the clock did it."""

from django.dispatch import Signal

referral_sent = Signal()

referral_answered = Signal()
"""Accepted, on the waiting list, declined or redirected."""

referral_met = Signal()
"""The person came, or the service began."""

referral_completed = Signal()
"""The service has said how it ended: completed, partly, or discontinued."""

referral_confirmed = Signal()
"""The person has said whether it helped, or it is known why she was not asked."""

referral_ended = Signal()
"""Recalled, expired, or ended with its consent: the person still needs a service."""

referral_late = Signal()
"""A clock ran out and the next in the chain was notified, or no one could be; also with
`told`, a `ReferralEvent.What`."""

referrals_erasing = Signal()
"""Sent with `case` before the referrals of a case that is erased go."""

organisation_avoided = Signal()
"""Sent with `case`, `organisation` and `by` inside the action that said that this
person must not be sent there."""
