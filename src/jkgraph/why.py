"""Says why something holds: as a tree for a person, as JSON for a program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import cached_property

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.findings import Location
from jkgraph.graph import TYPE, Graph, Term, graph_path
from jkgraph.iri import whole
from jkgraph.proofs import Fact, Form, Proof, Rule

FORMS = ("text", "json")
# What lies below another line, and what lies below the last of its lines.
_BRANCHES = (("├─ ", "│  "), ("└─ ", "   "))
_SENTENCES: dict[Form, str] = {
    "chain": "why.chain",
    "domain": "why.domain",
    "equal-class": "why.equal",
    "equal-property": "why.equal",
    "inverse": "why.inverse",
    "range": "why.range",
    "sub-class": "why.sub-class",
    "sub-property": "why.sub-property",
    "symmetric": "why.symmetric",
    "transitive": "why.transitive",
}


class Explainer:
    """Says in one language why something holds, and where it stands."""

    def __init__(self, graph: Graph, language: str) -> None:
        self._graph, self._language = graph, language

    @cached_property
    def _places(self) -> Places:
        return Places(self._graph)

    def say(self, key: str, **values: object) -> str:
        """Return words of the interface."""
        return self._graph.workspace.catalogue.word(key, self._language, **values)

    def name(self, term: Term) -> str:
        """Name a resource; a part by its record; a text by itself."""
        if term == TYPE:
            return self.say("why.is-a")
        if not isinstance(term, ox.NamedNode):
            return f"“{' '.join(str(getattr(term, 'value', term)).split())}”"
        record, _, part = term.value.partition("#")
        if part and self._graph.addresses.kind_and_slug(term.value):
            return f"{self.name(ox.NamedNode(record))} (#{part})"
        return self._graph.label(term, self._language)

    def address(self, term: Term) -> str:
        """Write a term in the short way in which a person can give it."""
        if isinstance(term, ox.NamedNode):
            return self._graph.addresses.compact(term.value)
        return self.name(term)

    def both(self, term: Term) -> str:
        """Name a resource, with its address; a text by itself."""
        name, address = self.name(term), self.address(term)
        return name if name == address else f"{name} ({address})"

    def statement(self, fact: Fact) -> str:
        """Say what holds."""
        subject, predicate, value = map(self.name, fact)
        return f"{subject} — {predicate} → {value}"

    def sentence(self, rule: Rule) -> str:
        """Say what a rule lets follow."""
        source = self.say("why.then").join(f"“{self.name(term)}”" for term in rule.terms)
        return self.say(_SENTENCES[rule.form], source=source, result=f"“{self.name(rule.result)}”")

    def by_way_of(self, proof: Proof) -> str:
        """Name the records between the ends; nothing when there are none."""
        ends = {whole(getattr(term, "value", "")) for term in (proof.fact[0], proof.fact[2])}
        nodes = (node for node in proof.between if isinstance(node, ox.NamedNode))
        records = dict.fromkeys(whole(node.value) for node in nodes)
        named = [self.name(ox.NamedNode(iri)) for iri in records if iri not in ends]
        return self.say("why.by-way-of", names=", ".join(named)) if named else ""

    def place(self, proof: Proof) -> Location:
        """Return where a statement stands, or the axiom that a proof ends with."""
        if proof.rule is None:
            return self._places.of(*proof.fact)
        axiom = proof.rule.axiom
        path = graph_path(axiom.graph_name) or ""
        if proof.rule.form == "chain":
            result, terms = proof.rule.result, proof.rule.terms
            return self._places.of_list(path, result, axiom.predicate, terms)
        return self._places.within(path, *axiom.triple)

    def lines(self, proof: Proof, width: int = 0) -> Iterator[str]:
        """Yield the lines of a tree that fits a width; nought for any."""
        yield from _fitted(self.statement(proof.fact), width)
        below, place = "│  " if proof.premises else "   ", str(self.place(proof))
        told = [self.say("why.stated", place=place)]
        if proof.rule:
            reason = self.say("why.rule", rule=self.sentence(proof.rule))
            told = [*_fitted(reason, width - len(below)), place]
        yield from (below + line for line in told)
        for premise in proof.premises:
            branch, below = _BRANCHES[premise is proof.premises[-1]]
            first, *others = self.lines(premise, width and width - len(below))
            yield branch + first
            yield from (below + line for line in others)

    def data(self, proof: Proof) -> dict[str, object]:
        """Return the same for a program, with addresses in full."""
        place = self.place(proof)
        found: dict[str, object] = {
            name: self._term(term)
            for name, term in zip(("subject", "property", "value"), proof.fact, strict=True)
        }
        at = {"file": place.path, "line": place.line, "column": place.column}
        if proof.rule is None:
            return {**found, "stated": at}
        told = {"form": proof.rule.form, "text": self.sentence(proof.rule)}
        terms = [term.value for term in proof.rule.terms]
        rule = {**told, "from": terms, "to": proof.rule.result.value, **at}
        return {**found, "rule": rule, "premises": list(map(self.data, proof.premises))}

    def _term(self, term: Term) -> dict[str, str]:
        if isinstance(term, ox.Literal):
            kind = (
                {"language": term.language} if term.language else {"datatype": term.datatype.value}
            )
            return {"text": term.value, **kind}
        return {"iri": getattr(term, "value", ""), "label": self.name(term)}


def _fitted(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) if width > 0 else [text]
