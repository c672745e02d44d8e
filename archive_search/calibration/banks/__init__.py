"""Neutral phrases, as data: what pictures show at large, for measuring which pictures are near to everything."""
