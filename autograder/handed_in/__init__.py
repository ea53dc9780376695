"""What students hand in, read: a folder or an archive, whose files they are, what each notebook holds."""
