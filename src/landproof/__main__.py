"""``python -m landproof`` is the `landproof` command."""

from landproof.cli.app import main

main()
