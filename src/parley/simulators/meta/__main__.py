"""Let `python -m parley.simulators.meta` start a simulator."""

from .main import main

main()
