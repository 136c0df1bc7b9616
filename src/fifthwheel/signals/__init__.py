"""What is measured: one table of signal names, units, ranges and wire ids; `Observations`, a column batch."""
