"""What people see, in Chromium."""
