"""Metadata: the fields, filters, facets, words and vocabularies."""
