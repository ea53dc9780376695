"""Pictures of arrays: HTML with inline SVG that needs no script, no network and no other library than NumPy."""
