"""nbgrader with this engine."""
