"""What outcomes are worth, and what the mistake is called."""
