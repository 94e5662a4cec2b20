"""The words every room shares: outcomes, exact amounts, table contracts, messages and errors."""
