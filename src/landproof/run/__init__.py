"""Use cases: the only rooms' meeting place. Each module is one command's work, without its printing."""
