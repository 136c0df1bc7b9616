"""The software of the control units as pure step functions: no clock, no input or output."""
