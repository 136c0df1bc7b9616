"""VECTO's files as combinations: read as they are, completed by the declaration tables of the regulation."""
