"""What a course is: its exercises, its folder, and what of it decides marks."""
