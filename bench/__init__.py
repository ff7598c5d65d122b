"""The benchmark: real processes under load, each figure beside what this machine can do at most."""
