"""What is said: conversations, messages, notes, deliveries, windows."""
