"""What comes after a course: mentors, and the circle of those who finished."""
