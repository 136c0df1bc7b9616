"""Telemetry at rest: Delta tables, one writer, queries, upkeep."""
