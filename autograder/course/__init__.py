"""What a course is: its exercises, its folder, and the versions that decide marks."""
