"""What the project ships as data, read from the installed package: editions and translations."""
