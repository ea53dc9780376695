"""This engine inside nbgrader: its commands, its gradebook and its feedback, with our verdicts."""
