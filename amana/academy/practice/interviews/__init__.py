"""Interviews to practise: the learner chooses what to say, and sees what it leads to.

Never marked, seen by no one else, and nothing is kept once the learner stops."""
