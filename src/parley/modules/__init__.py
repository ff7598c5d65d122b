"""The product, one noun to a folder. A module may use those below it, never beside or above; `.importlinter` holds the order."""
