"""A made-up class, to try the grader on: `python -m course.sample_class --out DIR`."""
