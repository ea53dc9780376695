"""The course: notebooks as text, exercises, figures."""
