"""Fifthwheel: truck and trailer as one vehicle for its whole life."""

__version__ = "0.1.0"
