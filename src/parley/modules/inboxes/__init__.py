"""Where customers write: a workspace's configured instances of channels, their health and capabilities."""
