"""The WhatsApp Cloud API as a channel. Its screens live in the console, its stand-in in `simulators.meta`."""
