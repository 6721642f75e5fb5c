"""The SPARQL 1.1 Protocol: a question goes out as a form, rows, yes or no, or triples come back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from urllib.parse import urlencode

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.remote.client import LIMITS, Client, Limits, Reply, shown

FORM = "application/x-www-form-urlencoded"
JSON = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
# Some servers name the formats as they did before these were standards.
RESULTS = frozenset({JSON, "application/json"})
# Virtuoso writes a blank node as an address, which no blank node can be.
NODE_ADDRESS = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
TRIPLES = frozenset({N_TRIPLES, "text/plain", "text/ntriples"})

Rows = ox.QuerySolutions | ox.QueryBoolean


@dataclass(frozen=True)
class Endpoint:
    """A server that answers SPARQL at an address."""

    url: str
    limits: Limits = LIMITS

    @cached_property
    def client(self) -> Client:
        """What sends the requests."""
        return Client(self.url, self.limits)

    def ask(self, text: str, accept: str = JSON) -> Reply:
        """Send a question that stands by itself, and return the reply as it came."""
        body = urlencode({"query": text}).encode()
        return self.client.send("POST", self.url, body, {"Content-Type": FORM, "Accept": accept})

    def rows(self, text: str) -> Rows:
        """Ask for rows, or for yes or no."""
        return self.read_rows(self.ask(text))

    def read_rows(self, reply: Reply) -> Rows:
        """Read a reply as rows, which come one by one, or as yes or no; it can be read again."""
        if reply.type in RESULTS:
            reply.body.seek(0)
            body = reply.body
            if "Virtuoso" in reply.headers.get("Server", ""):
                body = BytesIO(NODE_ADDRESS.sub(rb"\1", body.read()))
            try:
                found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
            except (SyntaxError, ValueError) as error:
                raise self.nonsense(reply) from error
            return found
        raise self.nonsense(reply)

    def triples(self, text: str) -> ox.QuadParser:
        """Ask for triples."""
        reply = self.ask(text, N_TRIPLES)
        if reply.type in TRIPLES:
            return ox.parse(reply.body, ox.RdfFormat.N_TRIPLES)
        raise self.nonsense(reply)

    def nonsense(self, reply: Reply) -> JkgraphError:
        """Return the error that a reply is none to a question in SPARQL."""
        return JkgraphError(
            "endpoint-nonsense", url=shown(self.url), type=reply.type, line=reply.line()
        )
