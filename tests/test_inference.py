"""What follows from the records is what owlrl finds, and no more than the model means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import permutations

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jkgraph.proofs
from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED, OWL, RDFS, TYPE, Graph, file_graph, members
from jkgraph.inference import Consequences, infer
from jkgraph.iri import split
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.proofs import Fact, Proof, Proofs, prove
from jkgraph.workspace import open_workspace

BASE = "https://example.org/"
PREFIXES = f"""
    @prefix d: <{BASE}def#> .
    @prefix t: <{BASE}id/thing/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
# A proof of anything is lower than this; one with a cycle is not.
HIGHEST = 30
TOP = {rdflib.OWL.Thing, rdflib.RDFS.Resource}

# Per kind of axiom: the axiom, what is stated, and one thing that must follow.
AXIOMS = {
    "subclass": ("d:A rdfs:subClassOf d:B . d:B rdfs:subClassOf d:C .", "t:x a d:A .", "t:x a d:C"),
    "equivalent class": ("d:A owl:equivalentClass d:B .", "t:x a d:B .", "t:x a d:A"),
    "subproperty": (
        "d:p rdfs:subPropertyOf d:q . d:q rdfs:subPropertyOf d:r .",
        "t:x d:p t:y ; d:p 'a text'@en .",
        "t:x d:r 'a text'@en",
    ),
    "equivalent property": ("d:p owl:equivalentProperty d:q .", "t:x d:q t:y .", "t:x d:p t:y"),
    "inverse": ("d:p owl:inverseOf d:q .", "t:x d:p t:y . t:x d:q t:z .", "t:y d:q t:x"),
    "inverse of a more general property": (
        "d:p rdfs:subPropertyOf d:q . d:q owl:inverseOf d:r .",
        "t:x d:p t:y .",
        "t:y d:r t:x",
    ),
    "symmetric": ("d:p a owl:SymmetricProperty .", "t:x d:p t:y .", "t:y d:p t:x"),
    "transitive": (
        "d:p a owl:TransitiveProperty .",
        "t:x d:p t:y . t:y d:p t:z . t:z d:p t:w .",
        "t:x d:p t:w",
    ),
    "transitive by its inverse": (
        "d:p a owl:TransitiveProperty ; owl:inverseOf d:q .",
        "t:x d:p t:y . t:z d:q t:y .",
        "t:z d:q t:x",
    ),
    "chain of two": (
        "d:r owl:propertyChainAxiom ( d:p d:q ) .",
        "t:x d:p t:y . t:y d:q t:z ; d:q 'a text' .",
        "t:x d:r t:z",
    ),
    "chain of three": (
        "d:r owl:propertyChainAxiom ( d:p d:q d:p ) .",
        "t:x d:p t:y . t:y d:q t:z . t:z d:p t:w .",
        "t:x d:r t:w",
    ),
    "two chains": (
        "d:r owl:propertyChainAxiom ( d:p d:q ) , ( d:q d:p ) .",
        "t:x d:p t:y . t:y d:q t:z . t:z d:p t:w .",
        "t:y d:r t:w",
    ),
    "chain that feeds itself": (
        "d:r owl:propertyChainAxiom ( d:r d:p ) . d:q rdfs:subPropertyOf d:r .",
        "t:x d:q t:y . t:y d:p t:z . t:z d:p t:w .",
        "t:x d:r t:w",
    ),
    "domain": ("d:p rdfs:domain d:A .", "t:x d:p 'a text' .", "t:x a d:A"),
    "something outside the records": (
        "d:p owl:inverseOf d:q .",
        "t:x d:p <https://elsewhere.example/> . <https://elsewhere.example/> d:q t:y .",
        "t:y d:p <https://elsewhere.example/>",
    ),
    "range": ("d:p rdfs:range d:A . d:A rdfs:subClassOf d:B .", "t:x d:p t:y .", "t:y a d:B"),
}
UNSUPPORTED = {
    "owl:FunctionalProperty": "d:p a owl:FunctionalProperty .",
    "owl:hasKey": "d:A owl:hasKey ( d:p ) .",
    "owl:Restriction": "d:A rdfs:subClassOf [ a owl:Restriction ] .",
    "owl:someValuesFrom": "d:A rdfs:subClassOf [ owl:someValuesFrom d:B ] .",
    "owl:unionOf": "d:A owl:equivalentClass [ a owl:Class ; owl:unionOf ( d:B d:C ) ] .",
    "owl:sameAs": "t:x owl:sameAs t:y .",
    "owl:inverseOf": "d:p rdfs:subPropertyOf d:q . [] owl:inverseOf d:q .",
    "rdfs:subPropertyOf": "d:p rdfs:subPropertyOf [ rdfs:seeAlso d:q ] .",
    "owl:propertyChainAxiom": "d:r owl:propertyChainAxiom ( d:p ) .",
    "owl:SymmetricProperty": "[] a owl:SymmetricProperty .",
}

Maker = Callable[[str], Graph]
Triples = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Give a way to make a graph from Turtle, in a workspace that holds nothing else."""
    folder = tmp_path_factory.mktemp("inference")
    settings = f'[workspace]\nbase = "{BASE}"\n[prefixes]\nd = "{BASE}def#"\n'
    (folder / "jkgraph.toml").write_text(f'{settings}[roles]\nrecord = "d:Record"\n', "utf-8")
    empty = load(open_workspace(folder))

    def make(text: str) -> Graph:
        store = ox.Store()
        store.load((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, to_graph=file_graph("all.ttl"))
        return replace(empty, store=store)

    return make


@pytest.fixture(scope="module")
def meant(real: Graph) -> Maker:
    """Give a way to try records with the ontology of this repository."""
    paths = real.workspace.ontology.rglob("*.ttl")
    graphs = {file_graph(real.workspace.relative(path)) for path in paths}
    axioms = [quad for quad in real.store if quad.graph_name in graphs]
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in real.addresses.prefixes.items())

    def make(text: str) -> Graph:
        store = ox.Store()
        store.bulk_extend(axioms)
        store.load((prefixes + text).encode(), ox.RdfFormat.TURTLE, to_graph=file_graph("made.ttl"))
        graph = replace(real, store=store)
        infer(graph)
        return graph

    return make


def inferred(graph: Graph) -> Triples:
    quads = graph.store.quads_for_pattern(None, None, None, INFERRED)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def found_by_owlrl(graph: Graph) -> Triples:
    """Close everything with owlrl and keep what says something of a record or list value."""
    stated = [quad.triple for quad in graph.store if quad.graph_name != INFERRED]
    everything = rdflib.Graph()
    lines = ox.serialize(stated, format=ox.RdfFormat.N_TRIPLES)
    everything.parse(data=lines.decode(), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(everything)
    useful = rdflib.Graph()
    for s, p, o in everything:
        about_record = isinstance(s, rdflib.URIRef) and s.startswith(f"{graph.addresses.base}id/")
        says_nothing = (p == rdflib.OWL.sameAs and s == o) or (p == rdflib.RDF.type and o in TOP)
        if about_record and not says_nothing:
            useful.add((s, p, o))
    lines = useful.serialize(format="nt", encoding="utf-8")
    triples = [quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]
    known = set(stated)
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in triples if t not in known}


def says(graph: Graph, statement: str) -> bool:
    """Tell whether a statement follows; its names are compact."""
    answer = graph.store.query(
        f"ASK {{ GRAPH <{INFERRED.value}> {{ {statement} }} }}",
        prefixes={**graph.addresses.prefixes, "d": f"{BASE}def#", "t": f"{BASE}id/thing/"},
    )
    return bool(answer)


@pytest.mark.parametrize("kind", AXIOMS)
def test_each_kind_of_axiom_gives_what_owlrl_gives(maker: Maker, kind: str) -> None:
    axioms, data, wanted = AXIOMS[kind]
    graph = maker(axioms + data)

    number = infer(graph)

    assert says(graph, wanted)
    assert inferred(graph) == found_by_owlrl(graph)
    assert number == len(inferred(graph))


def test_the_reference_engine_is_owlrl_itself(maker: Maker) -> None:
    graph = maker(" ".join(axioms + data for axioms, data, _ in AXIOMS.values()))

    infer(graph, "owlrl")

    assert inferred(graph) == found_by_owlrl(graph)


def test_inferring_twice_changes_nothing(maker: Maker) -> None:
    graph = maker(" ".join(axioms + data for axioms, data, _ in AXIOMS.values()))

    infer(graph)
    once = inferred(graph)
    infer(graph)

    assert inferred(graph) == once


def test_no_stated_triple_is_inferred_again(closed: Graph) -> None:
    stated = {quad.triple for quad in closed.store if quad.graph_name != INFERRED}
    again = closed.store.quads_for_pattern(None, None, None, INFERRED)

    assert not stated & {quad.triple for quad in again}


@pytest.mark.parametrize("term", UNSUPPORTED)
def test_an_axiom_that_is_not_supported_is_an_error_that_names_it(maker: Maker, term: str) -> None:
    graph = maker(UNSUPPORTED[term])

    with pytest.raises(JkgraphError) as caught:
        infer(graph)

    for language in ("nl", "en"):
        assert term in graph.workspace.catalogue.say(caught.value.message, language)


def test_that_two_things_differ_is_no_axiom_and_adds_nothing(maker: Maker) -> None:
    assert infer(maker("t:x owl:differentFrom t:y .")) == 0


classes = st.sampled_from([f"d:C{n}" for n in range(4)])
links = st.sampled_from([f"d:p{n}" for n in range(6)])
texts = st.sampled_from(["d:text0", "d:text1"])
things = st.sampled_from([f"t:x{n}" for n in range(5)])
literals = st.sampled_from(['"a"', '"b"@nl', "7", "1.50", "true"])
axioms = st.one_of(
    st.builds("{} rdfs:subClassOf {} .".format, classes, classes),
    st.builds("{} owl:equivalentClass {} .".format, classes, classes),
    st.builds("{} rdfs:subPropertyOf {} .".format, links, links),
    st.builds("{} owl:equivalentProperty {} .".format, links, links),
    st.builds("{} rdfs:subPropertyOf {} .".format, texts, texts),
    st.builds("{} owl:inverseOf {} .".format, links, links),
    st.builds("{} a owl:SymmetricProperty .".format, links),
    st.builds("{} a owl:TransitiveProperty .".format, links),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, links, links, links),
    st.builds("{} owl:propertyChainAxiom ( {} {} {} ) .".format, links, links, links, links),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, texts, links, texts),
    st.builds("{} rdfs:domain {} .".format, links | texts, classes),
    st.builds("{} rdfs:range {} .".format, links, classes),
)
statements = st.one_of(
    st.builds("{} {} {} .".format, things, links, things),
    st.builds("{} {} {} .".format, things, texts, literals),
    st.builds("{} a {} .".format, things, classes),
)
ontologies = st.lists(axioms, min_size=1, max_size=8, unique=True).map(" ".join)
records = st.lists(statements, min_size=1, max_size=10, unique=True).map(" ".join)
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
@given(ontology=ontologies, data=records)
def test_on_any_ontology_the_rules_find_what_owlrl_finds(
    maker: Maker, ontology: str, data: str
) -> None:
    graph = maker(ontology + data)

    infer(graph)

    assert inferred(graph) == found_by_owlrl(graph)


@pytest.mark.full
@settings(max_examples=500, deadline=None, suppress_health_check=SHARED)
@given(ontology=ontologies, data=records)
def test_on_very_many_ontologies_the_rules_find_what_owlrl_finds(
    maker: Maker, ontology: str, data: str
) -> None:
    graph = maker(ontology + data)

    infer(graph)

    assert inferred(graph) == found_by_owlrl(graph)


FILES = st.lists(statements, max_size=5, unique=True)
edits = st.lists(st.tuples(st.integers(0, 2), FILES), min_size=1, max_size=6)


def follow(maker: Maker, ontology: str, changes: list[tuple[int, list[str]]]) -> None:
    """Change files one after another, and compare with what follows from the last of them."""
    graph = maker(ontology)
    consequences = Consequences(graph)
    for number, said in changes:
        name = ox.NamedNode(f"file:///{number}")
        gone = {quad.triple for quad in graph.store.quads_for_pattern(None, None, None, name)}
        graph.store.remove_graph(name)
        graph.store.load(
            f"{PREFIXES} {' '.join(said)}".encode(), ox.RdfFormat.TURTLE, to_graph=name
        )
        come = {quad.triple for quad in graph.store.quads_for_pattern(None, None, None, name)}
        consequences.change(gone - come, come - gone)
        followed = inferred(graph)

        infer(graph)

        assert followed == inferred(graph)


@settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
@given(ontology=ontologies, changes=edits)
def test_after_any_change_there_follows_what_follows_from_the_files(
    maker: Maker, ontology: str, changes: list[tuple[int, list[str]]]
) -> None:
    follow(maker, ontology, changes)


@pytest.mark.full
@settings(max_examples=1000, deadline=None, suppress_health_check=SHARED)
@given(ontology=ontologies, changes=edits)
def test_after_very_many_changes_there_follows_what_follows_from_the_files(
    maker: Maker, ontology: str, changes: list[tuple[int, list[str]]]
) -> None:
    follow(maker, ontology, changes)


@pytest.mark.full
def test_on_the_real_graph_the_rules_find_what_owlrl_finds(closed: Graph) -> None:
    assert inferred(closed) == found_by_owlrl(closed)


# What the ontology of this repository means. Each line: what is stated, what follows, and
# what would be a leak.
MEANT = {
    "a level given to an approach": (
        """evidence-assessment:e a jk:EvidenceAssessment ; jk:assesses intervention:a ;
            jk:evidenceLevel effectladder:niveau-2 .
        intervention:a jk:formOf intervention:general ; jk:combinesWith intervention:other .
        practice-example:p jk:implements intervention:a .
        finding:f jk:findingAbout intervention:a ; jk:evidenceLevel effectladder:niveau-4 .
        finding:g jk:findingAbout intervention:other ; jk:evidenceLevel effectladder:niveau-3 .
        appraisal:w jk:considers finding:f , finding:g .""",
        [
            "intervention:a jk:attributedLevel effectladder:niveau-2",
            "intervention:a jk:assessment evidence-assessment:e",
            "evidence-assessment:e jk:about intervention:a",
            "finding:f jk:about intervention:a",
        ],
        [
            "?any jk:attributedLevel effectladder:niveau-3",
            "?any jk:attributedLevel effectladder:niveau-4",
            "intervention:general jk:attributedLevel ?level",
            "intervention:other jk:attributedLevel ?level",
            "practice-example:p jk:attributedLevel ?level",
            "evidence-assessment:e jk:attributedLevel ?level",
            "?any jk:evidenceLevel ?level",
        ],
    ),
    "the core theme of a record": (
        """theme:sub skos:broader theme:above . theme:above jk:kernMatch theme:core .
        theme:core jk:kernMatch theme:core .
        theme:same skos:exactMatch theme:above . theme:near skos:closeMatch theme:above .
        theme:far skos:exactMatch theme:same .
        intervention:a jk:mainTheme theme:sub . intervention:b jk:theme theme:same .
        intervention:c jk:theme theme:near . intervention:d jk:theme theme:far .
        intervention:e jk:theme theme:core .""",
        [
            "intervention:a jk:theme theme:sub",
            "intervention:a jk:theme theme:above",
            "intervention:a jk:kernTheme theme:core",
            "intervention:e jk:kernTheme theme:core",
            "theme:core jk:kernThemeOf intervention:a",
        ],
        [
            "intervention:b jk:kernTheme ?core",
            "intervention:c jk:kernTheme ?core",
            "intervention:d jk:kernTheme ?core",
            "intervention:b jk:theme theme:above",
            "theme:same jk:kernMatch ?core",
            "intervention:a jk:theme theme:core",
            "intervention:a jk:mainTheme theme:above",
            "?any skos:exactMatch ?other",
        ],
    ),
    "the themes of an approach and of its examples": (
        """theme:sub skos:broader theme:above . theme:other skos:broader theme:above .
        intervention:a jk:theme theme:sub . intervention:whole jk:theme theme:above .
        practice-example:p jk:implements intervention:a ; jk:theme theme:own .""",
        [
            "practice-example:p jk:theme theme:sub",
            "practice-example:p jk:theme theme:above",
            "theme:above jk:themeOf practice-example:p",
            "theme:above skos:narrower theme:sub",
        ],
        [
            "intervention:a jk:theme theme:own",
            "intervention:a jk:theme theme:other",
            "intervention:whole jk:theme theme:sub",
            "theme:sub jk:theme ?any",
        ],
    ),
    "where something is": (
        """practice-example:p jk:place place:town . place:town jk:partOf place:province .
        place:province jk:partOf place:country . place:village jk:partOf place:town .
        organisation:o jk:place place:town . organisation:o jk:partOf organisation:group .
        organisation:group jk:place place:country .""",
        [
            "practice-example:p jk:locatedIn place:town",
            "practice-example:p jk:locatedIn place:country",
            "place:town jk:partOf place:country",
            "place:country jk:hasPart place:town",
            "place:town jk:placeOf practice-example:p",
        ],
        [
            "practice-example:p jk:place place:province",
            "practice-example:p jk:locatedIn place:village",
            "place:country jk:placeOf practice-example:p",
            "place:town jk:locatedIn ?any",
            "organisation:group jk:locatedIn place:town",
            "organisation:o jk:locatedIn organisation:group",
        ],
    ),
    "what an example carries out": (
        """intervention:a jk:formOf intervention:b . intervention:b jk:formOf intervention:c .
        practice-example:p jk:implements intervention:a .
        practice-example:q jk:implements intervention:c .
        practice-example:r jk:declines intervention:a .""",
        [
            "intervention:a jk:formOf intervention:c",
            "intervention:c jk:form intervention:a",
            "practice-example:p jk:implements intervention:b",
            "practice-example:p jk:implements intervention:c",
            "intervention:c jk:implementedBy practice-example:p",
            "intervention:a jk:declinedBy practice-example:r",
        ],
        [
            "practice-example:q jk:implements ?any",
            "practice-example:p jk:formOf ?any",
            "practice-example:r jk:declines ?any",
            "practice-example:r jk:implements ?any",
            "intervention:a jk:implements ?any",
        ],
    ),
    "who is involved": (
        """intervention:a jk:carriedOutBy stakeholder:gp ;
            jk:participation <https://w3id.org/jkgraph/id/intervention/a#p1> .
        <https://w3id.org/jkgraph/id/intervention/a#p1> jk:participant organisation:o ;
            jk:role role:lid .
        stakeholder:gp skos:broader stakeholder:referrer .
        organisation:o jk:partOf organisation:group .""",
        [
            "intervention:a jk:involves stakeholder:gp",
            "intervention:a jk:involves organisation:o",
            "organisation:o jk:involvedIn intervention:a",
        ],
        [
            "intervention:a jk:carriedOutBy organisation:o",
            "intervention:a jk:involves role:lid",
            "intervention:a jk:involves organisation:group",
            "intervention:a jk:involves stakeholder:referrer",
            "intervention:a jk:involves <https://w3id.org/jkgraph/id/intervention/a#p1>",
            "<https://w3id.org/jkgraph/id/intervention/a#p1> jk:involves ?any",
        ],
    ),
    "what is said about an approach": (
        """claim:c jk:claimAbout intervention:a . finding:f jk:findingAbout intervention:a ;
            jk:supports claim:c . knowledge-question:k jk:concerns intervention:a .
        intervention:a jk:combinesWith intervention:b .""",
        [
            "claim:c jk:about intervention:a",
            "intervention:a jk:claim claim:c",
            "intervention:a jk:finding finding:f",
            "claim:c jk:supportedBy finding:f",
            "intervention:b jk:combinesWith intervention:a",
            "intervention:a jk:concernedBy knowledge-question:k",
        ],
        [
            "knowledge-question:k jk:about ?any",
            "finding:f jk:about claim:c",
            "intervention:a jk:finding claim:c",
            "intervention:b jk:finding ?any",
            "intervention:a a ?kind",
        ],
    ),
}


@pytest.mark.parametrize("subject", MEANT)
def test_the_model_infers_what_it_means_and_nothing_leaks(meant: Maker, subject: str) -> None:
    stated, follows, leaks = MEANT[subject]
    graph = meant(stated)

    assert [statement for statement in follows if not says(graph, statement)] == []
    assert [statement for statement in leaks if says(graph, statement)] == []


def test_no_record_gets_the_type_of_two_kinds(closed: Graph) -> None:
    kinds = {kind.iri for kind in read_kinds(closed).records}
    doubtful = [
        split(record.value)[1]
        for record in closed.records()
        if len(kinds.intersection(closed.objects(record, TYPE))) != 1
    ]

    assert doubtful == []


# Why something follows.


def followed(graph: Graph) -> list[Fact]:
    quads = graph.store.quads_for_pattern(None, None, None, INFERRED)
    return sorted(((q.subject, q.predicate, q.object) for q in quads), key=str)


def faults(graph: Graph, proof: Proof, above: tuple[Fact, ...] = ()) -> Iterator[str]:
    """Yield what is wrong in a proof: each step is judged by what OWL says, and by nothing else."""
    stated = [q for q in graph.store.quads_for_pattern(*proof.fact) if q.graph_name != INFERRED]
    if proof.fact in above or len(above) > HIGHEST:
        yield f"{proof.fact} rests on itself"
    elif proof.rule is None:
        if not stated:
            yield f"{proof.fact} is not stated"
    elif not applies(graph, proof):
        yield f"{proof.fact} does not follow by {proof.rule}"
    else:
        for premise in proof.premises:
            yield from faults(graph, premise, (*above, proof.fact))


def applies(graph: Graph, proof: Proof) -> bool:
    """Tell whether an axiom that is stated makes something follow from the premises of a proof."""
    assert proof.rule is not None
    axiom, (s, p, o) = proof.rule.axiom, proof.fact
    if axiom.graph_name == INFERRED or axiom not in graph.store:
        return False
    a, name, b = axiom.subject, axiom.predicate.value, axiom.object
    facts = [premise.fact for premise in proof.premises]
    one = facts[0] if len(facts) == 1 else (None, None, None)
    path = [(s, *(fact[2] for fact in facts))[n] == fact[0] for n, fact in enumerate(facts)]
    is_path = all(path) and facts[-1][2] == o
    steps = [fact[1] for fact in facts]
    said = {
        f"{RDFS}subClassOf": lambda: proof.fact == (s, TYPE, b) and one == (s, TYPE, a),
        f"{RDFS}subPropertyOf": lambda: p == b and one == (s, a, o),
        f"{RDFS}domain": lambda: proof.fact == (s, TYPE, b) and one[:2] == (s, a),
        f"{RDFS}range": lambda: proof.fact == (s, TYPE, b) and one[1:] == (a, s),
        f"{OWL}inverseOf": lambda: (p, one) in [(b, (o, a, s)), (a, (o, b, s))],
        f"{OWL}equivalentProperty": lambda: (p, one) in [(b, (s, a, o)), (a, (s, b, o))],
        f"{OWL}equivalentClass": lambda: (
            p == TYPE and (o, one) in [(b, (s, TYPE, a)), (a, (s, TYPE, b))]
        ),
        f"{OWL}propertyChainAxiom": lambda: (
            p == a and is_path and steps == [*members(graph.store, b)]
        ),
    }
    if name in said:
        return said[name]()
    is_own = axiom.predicate == TYPE and p == a
    if b.value == f"{OWL}SymmetricProperty":
        return is_own and one == (o, p, s)
    is_long = len(facts) > 1 and set(steps) == {p}
    return is_own and b.value == f"{OWL}TransitiveProperty" and is_path and is_long


def wrong(graph: Graph) -> list[str]:
    """Return what is wrong in the proofs of all that follows; that one has no proof is an error."""
    proofs = prove(graph, followed(graph))
    return [fault for proof in proofs for fault in faults(graph, proof)]


@pytest.mark.parametrize("kind", AXIOMS)
def test_what_each_kind_of_axiom_gives_has_a_proof(maker: Maker, kind: str) -> None:
    axioms, data, _ = AXIOMS[kind]
    graph = maker(axioms + data)
    infer(graph)

    assert wrong(graph) == []


@settings(max_examples=25, deadline=None, suppress_health_check=SHARED)
@given(ontology=ontologies, data=records)
def test_on_any_ontology_all_that_follows_has_a_proof(
    maker: Maker, ontology: str, data: str
) -> None:
    graph = maker(ontology + data)
    infer(graph)

    assert wrong(graph) == []


@pytest.mark.full
@settings(max_examples=1500, deadline=None, suppress_health_check=SHARED)
@given(ontology=ontologies, data=records)
def test_on_very_many_ontologies_all_that_follows_has_a_proof(
    maker: Maker, ontology: str, data: str
) -> None:
    graph = maker(ontology + data)
    infer(graph)

    assert wrong(graph) == []


def proved(graph: Graph, facts: Iterable[Fact]) -> dict[Fact, Proof | None]:
    proofs = Proofs(graph)
    return {fact: proofs.of(fact) for fact in facts}


def test_a_proof_is_the_same_whatever_was_asked_before(maker: Maker) -> None:
    graph = maker(
        """d:place rdfs:subPropertyOf d:in . d:in owl:propertyChainAxiom ( d:in d:part ) .
        d:part a owl:TransitiveProperty . t:x d:place t:y . t:y d:part t:z . t:z d:part t:w ."""
    )
    infer(graph)
    facts = followed(graph)

    assert len(facts) > 3
    for order in permutations(facts):
        assert proved(graph, order) == {fact: Proofs(graph).of(fact) for fact in facts}


def test_a_proof_is_the_same_when_others_were_forgotten(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = maker("d:a owl:inverseOf d:b . d:b rdfs:subPropertyOf d:c . t:x d:a t:y, t:z .")
    infer(graph)
    before = proved(graph, followed(graph))
    monkeypatch.setattr(jkgraph.proofs, "MOST", 1)

    assert len(before) > 3
    assert proved(graph, followed(graph)) == before


def test_of_several_proofs_the_shortest_is_told(maker: Maker) -> None:
    graph = maker(
        """d:p rdfs:subPropertyOf d:r . d:r owl:propertyChainAxiom ( d:q d:q ) .
        d:s owl:inverseOf d:r . d:q a owl:TransitiveProperty .
        t:x d:p t:y . t:x d:q t:a . t:a d:q t:b . t:b d:q t:y ."""
    )
    infer(graph)
    node = {name: ox.NamedNode(f"https://example.org/id/thing/{name}") for name in "xyab"}
    r, q = (ox.NamedNode(f"https://example.org/def#{name}") for name in "rq")

    short, long = prove(graph, [(node["x"], r, node["y"]), (node["x"], q, node["y"])])

    assert [len(short.leaves), len(long.leaves)] == [1, 3]
    # The steps of a transitive property stand beside each other, however they were found.
    assert [premise.fact[2] for premise in long.premises] == [node["a"], node["b"], node["y"]]
    assert long.between == (node["a"], node["b"])


def test_a_proof_may_pass_what_is_no_record(maker: Maker) -> None:
    graph = maker(
        """d:p rdfs:subPropertyOf d:r . d:r owl:inverseOf d:s .
        <https://elsewhere.example/> d:p t:y ."""
    )
    infer(graph)
    (fact,) = followed(graph)

    assert Proofs(graph).of(fact) is None
    assert wrong(graph) == []


def test_what_follows_from_owl_alone_is_not_explained(maker: Maker) -> None:
    graph = maker("d:p rdfs:domain owl:Thing . owl:Thing rdfs:subClassOf d:A . t:x d:p t:y .")
    infer(graph)

    assert says(graph, "t:x a d:A")
    with pytest.raises(JkgraphError, check=lambda error: error.message.key == "error.no-proof"):
        prove(graph, followed(graph))


def test_what_does_not_hold_has_no_proof(graph: Graph) -> None:
    infer(graph)
    sea, flows = graph.term("water:zoute-zee"), graph.term("br:flowsInto")

    assert Proofs(graph).of((sea, flows, graph.term("water:lange-vaart"))) is None


def test_after_a_change_the_proof_is_another(maker: Maker) -> None:
    graph = maker("d:p owl:inverseOf d:q .")
    consequences = Consequences(graph)
    name = ox.NamedNode("file:///more.ttl")
    graph.store.load(f"{PREFIXES} t:x d:p t:y .".encode(), ox.RdfFormat.TURTLE, to_graph=name)
    come = {quad.triple for quad in graph.store.quads_for_pattern(None, None, None, name)}

    consequences.change(set(), come)

    assert len(followed(graph)) == 1
    assert wrong(graph) == []


@pytest.mark.full
def test_all_that_follows_in_the_real_graph_is_explained(closed: Graph) -> None:
    facts = followed(closed)
    proofs = prove(closed, facts)

    assert len(facts) > 10_000
    assert [proof.fact for proof in proofs] == facts
    assert proved(closed, reversed(facts)) == dict(zip(facts, proofs, strict=True))
    assert [fault for proof in proofs for fault in faults(closed, proof)] == []
