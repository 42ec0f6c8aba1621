"""Pages: lists, one referral, sending, what leaves the system, a team's rota."""
