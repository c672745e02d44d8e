"""Calibration: what a similarity is worth, measured against neutral phrases."""
