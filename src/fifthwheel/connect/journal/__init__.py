"""The durable journal: store, then acknowledge."""
