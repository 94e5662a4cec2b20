"""Case folders: the unit in which facts, documents, statements and runs are kept, sent and re-run."""
