"""An archive in two dimensions: where each record lies, what lies together, and what that is called."""
