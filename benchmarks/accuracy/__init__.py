"""``make accuracy``: how often the procedure clears what was felled, and alarms where nothing was."""
