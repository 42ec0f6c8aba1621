"""The formats in which courses, questions and progress go to other learning systems."""
