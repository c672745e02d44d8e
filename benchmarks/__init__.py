"""Measurements: figures as ratios within one run."""
