"""One submission, a class, many machines; and the proof that a course and its grader agree."""
