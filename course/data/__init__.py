"""Data that comes with the course, and the scripts that made it."""
