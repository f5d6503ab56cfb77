"""`python benchmarks survey`: see `run`."""

from run import main

main()
