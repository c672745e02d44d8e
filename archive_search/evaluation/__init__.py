"""Judgements, measures, significance, and strategies side by side: which ranking is better, on one's own archive."""
