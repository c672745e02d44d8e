"""From a museum's files to a searchable archive: sources, pipeline and ledger."""
