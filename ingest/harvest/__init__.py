"""Harvesting: what a museum's service answers is kept as it came, and read into records as often as is wanted."""
