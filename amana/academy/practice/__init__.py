"""How learners practise between lessons: labs and interviews with invented people,
where to begin, and cards to remember by."""
