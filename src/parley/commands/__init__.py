"""The commands of the command line, one file per group. They arrange processes and print; the work is done elsewhere.

A command imports what it needs when it runs: `--help` is instant, and the supervisor stays small.
"""
