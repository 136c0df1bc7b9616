"""The command line: the only place that builds settings and objects."""
