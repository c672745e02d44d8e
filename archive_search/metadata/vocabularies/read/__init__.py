"""Concepts whose words are read in other languages, and that no step of a search reasons by."""
