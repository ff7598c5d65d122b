"""Sealed objects and the short signed addresses under which they are served."""
