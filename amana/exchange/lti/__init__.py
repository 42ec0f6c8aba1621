"""LTI 1.3: somebody comes to a course from another learning system, and may let it know
how far they are.

The other system says who came; it signs nobody in. Whoever comes signs in here as
always and says that the account over there is theirs, until they take it back."""
