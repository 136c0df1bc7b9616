"""HTTP API and the pages."""
