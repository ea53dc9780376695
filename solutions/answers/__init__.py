"""Model answers, one module for each notebook, written as a student would write them."""
