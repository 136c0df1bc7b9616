"""The use cases: the verbs that CLI, console and assistant call."""
