"""The workspace: what people make of an archive."""
