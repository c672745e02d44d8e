"""Dates: from the words of a catalogue to years."""
