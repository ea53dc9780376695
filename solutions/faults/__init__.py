"""How faults are made: functions that compute step by step, and the wrong choice at a step."""
