"""Grade one submission, a class, or a class on many machines; and check a course against itself."""
