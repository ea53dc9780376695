"""Read what students hand in: find the notebooks in a folder or archive, whose they are and what they contain."""
