"""Faithful stand-ins for vendors. They speak the vendor's HTTP and import nothing else of this package."""
