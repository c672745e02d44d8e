"""Understanding: what a sentence that somebody typed asks for, offered as the stages of a search."""
