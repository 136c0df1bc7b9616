"""Logs of real trucks into observations: candump, MF4."""
