"""Pictures: decoding, what browsers can show, films and recordings, pieces of a plate, tiles."""
