"""What students get: notebooks, answer keys, a wheel."""
