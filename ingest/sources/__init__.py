"""Sources: one file per place that records come from."""
