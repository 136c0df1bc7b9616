"""Which combination for which work: cost."""
