"""What is wrong, by name where it has one, in words where it has none."""
