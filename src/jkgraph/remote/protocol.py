"""The SPARQL 1.1 Protocol: a question goes out as a form, rows, yes or no, or triples come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from urllib.parse import urlencode

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.remote.client import LIMITS, Client, Limits, Reply, shown
from jkgraph.remote.virtuoso import is_virtuoso, mended

FORM = "application/x-www-form-urlencoded"
JSON = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
# Some servers name the formats as they did before these were standards.
RESULTS = frozenset({JSON, "application/json"})
TRIPLES = frozenset({N_TRIPLES, "text/plain", "text/ntriples"})
PARTIAL = 206

Rows = ox.QuerySolutions | ox.QueryBoolean


@dataclass(frozen=True)
class Endpoint:
    """A server that answers SPARQL at an address.

    ``graphs`` are the named graphs that a question is about, taken together; none leaves that
    to the server.
    """

    url: str
    limits: Limits = LIMITS
    graphs: tuple[str, ...] = ()

    @cached_property
    def client(self) -> Client:
        """What sends the requests."""
        return Client(self.url, self.limits)

    @property
    def name(self) -> str:
        """The address as messages show it."""
        return shown(self.url)

    def ask(self, text: str, accept: str = JSON) -> Reply:
        """Send a question that stands by itself, and return the reply as it came."""
        fields = [("query", text)]
        for graph in self.graphs:
            fields += [("default-graph-uri", graph), ("named-graph-uri", graph)]
        headers = {"Content-Type": FORM, "Accept": accept}
        reply = self.client.send("POST", self.url, urlencode(fields).encode(), headers)
        if reply.status == PARTIAL:
            raise JkgraphError("endpoint-cut", url=self.name)
        if accept == JSON and is_virtuoso(reply.headers.get("Server", "")):
            return replace(reply, body=BytesIO(mended(reply.body.read())))
        return reply

    def is_true(self, pattern: str) -> bool:
        """Ask whether there is anything that fits a pattern."""
        return bool(self.rows(f"ASK {{ {pattern} }}"))

    def rows(self, text: str) -> Rows:
        """Ask for rows, or for yes or no, in one reply."""
        return self.read_rows(self.ask(text))

    def read_rows(self, reply: Reply) -> Rows:
        """Read a reply, from its start, as rows that come one by one, or as yes or no."""
        if reply.type not in RESULTS:
            raise self.nonsense(reply)
        reply.body.seek(0)
        try:
            return ox.parse_query_results(reply.body, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise self.nonsense(reply) from error

    def triples(self, text: str) -> list[ox.Triple]:
        """Ask for triples, in one reply."""
        reply = self.ask(text, N_TRIPLES)
        if reply.type not in TRIPLES:
            raise self.nonsense(reply)
        try:
            return [quad.triple for quad in ox.parse(reply.body, ox.RdfFormat.N_TRIPLES)]
        except (SyntaxError, ValueError) as error:
            raise self.nonsense(reply) from error

    def nonsense(self, reply: Reply) -> JkgraphError:
        """Return the error that a reply is none to a question in SPARQL."""
        return JkgraphError("endpoint-nonsense", url=self.name, type=reply.type, line=reply.line())
