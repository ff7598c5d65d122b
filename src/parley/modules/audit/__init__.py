"""Who did what, written beside the deed."""
