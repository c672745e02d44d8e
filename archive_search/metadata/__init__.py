"""Metadata: the fields, filters, facets, words, dates and vocabularies."""
