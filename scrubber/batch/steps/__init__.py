"""The four steps of a run, side by side: inputs in, whose turn it is, the visit, outcomes out."""
