"""Politeness: who may be asked now, how long they rest, and when they are given up; no I/O."""
