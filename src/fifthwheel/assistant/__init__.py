"""A question becomes tool calls becomes a cited answer."""
