"""LTI 1.3: a learner comes to a course from another learning system, and may share with
it how far they are.

The other system names who came, but can't sign them in. The learner signs in here as
always and confirms that the account over there is theirs, until they take it back."""
