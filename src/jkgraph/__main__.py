"""Run the command line with ``python -m jkgraph``."""

from jkgraph.cli import main

main()
