"""What single notebooks ask for, in terms of the reference."""
