"""What people are told of a run: counts, the terminal, the report, the log."""
