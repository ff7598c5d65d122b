"""Who writes: people and their identities on each channel."""
