"""Browser pages, one per file: each reads its state from the address, draws, and shows what the library finds."""
