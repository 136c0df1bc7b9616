"""People, vehicles, identities, dated couplings: SQL."""
