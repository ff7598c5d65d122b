"""Parley: every customer conversation of a business in one inbox."""
