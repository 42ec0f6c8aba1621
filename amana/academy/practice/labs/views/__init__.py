"""Tables of a negotiation, and clinics, as those see them who sit there."""
