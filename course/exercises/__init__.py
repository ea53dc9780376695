"""The assignments, one module each: what is asked, what is marked, which cases show it, which hints help."""

from course.exercises import one_window, pooling

ASSIGNMENTS = (one_window.ASSIGNMENT, pooling.ASSIGNMENT)
