"""A structured knowledge graph of Turtle records: check it, query it, publish it."""
