"""A structured knowledge graph of Turtle records: check it, query it, publish it."""

__version__ = "0.1.0"
