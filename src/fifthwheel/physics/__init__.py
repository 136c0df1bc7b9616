"""The laws: pure array functions, each with its source."""
