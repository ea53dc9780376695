"""What a student's notebook imports: check() and hint()."""
