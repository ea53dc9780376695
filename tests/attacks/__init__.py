"""What students' code and files try, and what they get for it."""
