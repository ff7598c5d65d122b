"""A person who signs in: credentials and sessions, in no workspace yet."""
