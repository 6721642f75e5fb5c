"""Finding places in Turtle text, proven against pyoxigraph on every form of the syntax."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jkgraph.turtle import Positions, TurtleSyntaxError, parse, write
from jkgraph.turtle.tree import canonical

ROOT = Path(__file__).parents[2]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HEAD = [
    *("@prefix", "x:", "<http://e/>", ".", "@base", "<http://b/d/>", "."),
    *("PREFIX", ":", "<#>", "prefix", "é.1:", "<http://é/>", "Base", "<f>"),
    *("@prefix", "prefix:", "<http://p/?q=>", "."),
]
DIRECTIVES = [
    ["@base", "<http://b/e/>", "."],
    ["BASE", "<g>"],
    ["@prefix", "x:", "<http://f/>", "."],
    ["pReFiX", ":", "<>"],
    ["VERSION", '"1.2"'],
]
IRIS = [
    *("x:a", "x:", ":", ":a.b", "x:a..b", "x:%41b", "x:a\\,b\\-", "x:\\~", "x:1", "x:a:b", "é.1:ü"),
    *("x:a·b-", "x::", "prefix:true", "x:_", "<http://e/é>", "<http://e/\\u00E9\\U0001F600>"),
    *("<#c>", "<../up>", "<>", "<?q=1;2>", "<//h/p>", "<urn:x:y>", "<http://e/a,b.c#d>"),
]
LABELS = ["_:a", "_:1.b", "_:é-", "_:a..b", "_:_"]
NUMBERS = ["1", "-1.5", "+.5", "1e3", "1.E-3", ".5e+1", "007", "-0"]
GAPS = [" ", "\n", "\t", "\r\n", "\r", "  \n    ", " # a ; 'b' \"c <d [\n", "#\n", "# é😀 .\r\n"]
CHARACTERS = "ab é😀.;,#@<>[](){}\\\"'\n\r\t\u2028\u0085\b"
ESCAPES = ["\\u0041", "\\U0001F600", "\\t", "\\b", "\\n", "\\r", "\\f", "\\'", '\\"', "\\\\"]


class Draft:
    """A Turtle text that is being made up, and the tokens that each of its triples comes from."""

    def __init__(self, draw: Callable[[st.SearchStrategy], object]) -> None:
        self.draw = draw
        self.tokens: list[str] = []
        self.triples: list[tuple[int, int, int]] = []

    def put(self, token: str) -> int:
        self.tokens.append(token)
        return len(self.tokens) - 1

    def choose(self, *options: object) -> object:
        return self.draw(st.sampled_from(options))

    def times(self, most: int) -> range:
        return range(self.draw(st.integers(1, most)))

    def statement(self) -> None:
        if self.choose(True, False, False, False):
            self.tokens += self.choose(*DIRECTIVES)
            return
        subject = self.resource(depth=2)
        is_done = self.tokens[-1] == "]" and self.tokens[-2] != "["
        if not is_done or self.choose(True, False):
            self.properties(subject, depth=2)
        self.put(".")

    def resource(self, depth: int) -> int:
        return self.choose(self.iri, self.label, self.property_list, self.collection)(depth)

    def iri(self, _depth: int) -> int:
        return self.put(self.choose(*IRIS))

    def label(self, _depth: int) -> int:
        return self.put(self.choose(*LABELS))

    def properties(self, subject: int, depth: int) -> None:
        for turn in self.times(3):
            if turn:
                self.tokens += self.choose([";"], [";", ";"])
            verb = self.put(self.choose("a", *IRIS))
            for again in self.times(3):
                if again:
                    self.put(",")
                self.value(subject, verb, depth)
        self.tokens += self.choose([], [], [";"], [";", ";"])

    def value(self, subject: int, verb: int, depth: int) -> None:
        at = len(self.tokens)
        self.triples.append((subject, verb, at))
        nested = [self.property_list, self.collection] if depth else []
        self.choose(self.iri, self.label, self.literal, self.literal, *nested)(depth - 1)

    def property_list(self, depth: int) -> int:
        start = self.put("[")
        if depth > 0 and self.choose(True, True, False):
            self.properties(start, depth)
        self.put("]")
        return start

    def collection(self, depth: int) -> int:
        start = cell = self.put("(")
        for turn in range(self.draw(st.integers(0, 3))):
            at = len(self.tokens)
            if turn:
                self.triples.append((cell, at, at))
                cell = at
            self.value(cell, at, depth if depth > 0 else 0)
        end = self.put(")")
        if end > start + 1:
            self.triples.append((cell, end, end))
        return start

    def literal(self, _depth: int) -> None:
        if self.choose(True, False, False):
            self.put(self.choose("true", "false", *NUMBERS))
            return
        self.put(self.string())
        suffixes = [], ["@nl"], ["@EN-gb-x-1"], ["^^", self.choose(*IRIS)]
        self.tokens += self.choose(*suffixes)

    def string(self) -> str:
        quote = self.choose('"', "'")
        text = self.draw(st.text(CHARACTERS, max_size=8)).replace("\\", "\\\\")
        escape = "".join(self.draw(st.lists(st.sampled_from(ESCAPES), max_size=2)))
        if self.choose(True, False):
            text = text.replace(quote * 3, f"{quote * 2}\\{quote}")
            text = f"{text[:-1]}\\{quote}" if text.endswith(quote) else text
            return f"{quote * 3}{escape}{text}{quote * 3}"
        text = text.replace(quote, f"\\{quote}").replace("\n", "\\n").replace("\r", "\\r")
        return f"{quote}{text}{escape}{quote}"

    def text(self) -> tuple[str, list[int]]:
        """Join the tokens, with a gap wherever one is needed and sometimes where it is not."""
        text, starts = "", []
        for piece, after in zip(self.tokens, [*self.tokens[1:], ""], strict=True):
            starts.append(len(text))
            is_free = piece in "[(,;)]^^" or after == "." or after[:1] in tuple("[(,;)]\"'<^@")
            # An empty text and the next one would be the three marks of a long one.
            is_bound = piece[0] == "." or (piece in {'""', "''"} and after[:1] == piece[:1])
            gaps = [*GAPS, ""] if is_free and not is_bound else GAPS
            text += piece + self.choose(*gaps)
        return text, starts


@st.composite
def drafts(draw: Callable) -> tuple[str, list[tuple[int, int, int]], list[str]]:
    """Make up a text, and the offsets of subject, predicate and object of its triples."""
    draft = Draft(draw)
    draft.tokens += HEAD
    for _ in draft.times(4):
        draft.statement()
    text, starts = draft.text()
    triples = [tuple(starts[at] for at in triple) for triple in draft.triples]
    return text, triples, draft.tokens


def place(text: str, offset: int) -> tuple[int, int]:
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def found_triples(found: Positions) -> list[ox.Triple]:
    return [placed.triple for placed in found.triples]


many = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(drafts())
def test_every_triple_of_every_form_of_syntax_is_found(draft: tuple) -> None:
    text, _, tokens = draft
    expected = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    found = found_triples(Positions(text))
    assert len(found) == len(expected)
    assert canonical(found) == canonical(expected)
    if not {"[", "("} & set(tokens):
        assert found == expected


@many
@given(drafts())
def test_places_are_those_of_the_tokens_in_the_order_of_the_text(draft: tuple) -> None:
    text, triples, _ = draft
    found = [(p.subject, p.predicate, p.object) for p in Positions(text).triples]
    assert found == [tuple(place(text, offset) for offset in offsets) for offsets in triples]


@many
@given(drafts())
def test_lines_and_columns_are_counted_as_pyoxigraph_counts_them(draft: tuple) -> None:
    text = draft[0] + "nope:x"
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.prefix) == ("undeclared-prefix", "nope")
    assert (caught.value.line, caught.value.column) == place(text, len(text) - len("nope:x"))


@many
@given(drafts(), st.integers(0, 400), st.sampled_from(["", *".;,[(<@^#\"'\\é\n"]))
def test_text_with_any_fault_can_be_examined(draft: tuple, offset: int, intruder: str) -> None:
    text = draft[0][:offset] + intruder + draft[0][offset + 1 :]
    found = Positions(text)
    with suppress(TurtleSyntaxError):
        assert len(found.triples) == len(parse(text).triples)


@many
@given(drafts(), st.integers(0, 400))
def test_faults_are_placed_inside_the_text(draft: tuple, offset: int) -> None:
    text = draft[0][:offset] + "\\!" + draft[0][offset:] + " !"
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(text)
    assert (1, 1) <= (caught.value.line, caught.value.column) <= place(text, len(text))


def project_files() -> Iterator[Path]:
    """Yield the files of ontology and shapes, and some two hundred records."""
    for folder in ("ontology", "shapes"):
        yield from sorted((ROOT / folder).rglob("*.ttl"))
    records = sorted((ROOT / "data").rglob("*.ttl"))
    yield from records[:: len(records) // 200 + 1]


def test_every_triple_of_the_project_is_found_and_survives_writing() -> None:
    for path in project_files():
        document = parse(path.read_text("utf-8"))
        expected = canonical(document.triples)
        found = found_triples(Positions(document.text))
        assert len(found) == len(document.triples), path
        assert canonical(found) == expected, path
        assert canonical(parse(write(found, document.prefixes)).triples) == expected, path


RECORD = """\
@prefix x: <http://e/> .
x:a a x:Thing ;
    x:name "één"@NL ,
        "one"@en ;
    x:part x:b .

x:b x:size 3183.30 .
x:a x:part x:c .
"""


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://e/{name}")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((iri("a"), iri("name"), ox.Literal("one", language="EN")), (4, 9)),
        ((iri("a"), iri("name"), ox.Literal("één", language="nl")), (3, 12)),
        ((iri("a"), iri("name"), ox.Literal("one")), (3, 5)),
        ((iri("a"), iri("part"), iri("c")), (8, 12)),
        ((iri("a"), iri("part"), None), (5, 5)),
        ((iri("a"), iri("size"), iri("c")), (2, 1)),
        ((iri("a"), ox.NamedNode(f"{RDF}type"), None), (2, 5)),
        ((iri("a"), None, iri("b")), (5, 12)),
        ((iri("b"), None, None), (7, 1)),
        ((None, None, iri("Thing")), (2, 7)),
        ((None, iri("size"), None), (7, 5)),
        ((iri("c"), None, None), None),
        ((iri("c"), iri("name"), ox.Literal("one")), None),
        ((None, None, iri("d")), None),
        ((None, None, None), None),
    ],
)
def test_the_most_specific_place_is_found(wanted: tuple, expected: tuple | None) -> None:
    assert Positions(RECORD).locate(*wanted) == expected


def test_literals_are_found_by_their_exact_lexical_form() -> None:
    decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    written, rounded = (ox.Literal(text, datatype=decimal) for text in ("3183.30", "3183.3"))
    assert Positions(RECORD).locate(iri("b"), iri("size"), written) == (7, 12)
    assert Positions(RECORD).locate(iri("b"), iri("size"), rounded) == (7, 5)


def test_a_blank_node_is_found_at_the_first_that_fits() -> None:
    found = Positions("<http://e/a> <http://e/p>\n[ <http://e/q> 1 ] ,\n[ <http://e/r> 2 ] .")
    assert found.locate(ox.BlankNode()) == (2, 1)
    assert found.locate(ox.BlankNode(), iri("r")) == (3, 3)


def test_a_hash_directly_after_a_name_is_reported_and_nowhere_else() -> None:
    text = "@prefix x: <http://e/> .\nx:a x:p <http://e/b>#1\n, x:b,x:c #2\n , x:d#3\n .#4\n"
    assert Positions(text).hash_after_name == ((4, 7, "#3"),)


def test_what_stands_before_a_fault_is_found() -> None:
    text = "@prefix x: <http://e/> .\nx:a x:p x:b#c ;\n  x:q 1 .\nx:d x:p 2 ."
    found = Positions(text)
    assert found.locate(iri("a"), iri("p"), iri("b")) == (2, 9)
    assert found.hash_after_name == ((2, 12, "#c ;"),)
    assert found.locate(iri("d")) is None


def test_nesting_that_cannot_be_read_is_no_trouble() -> None:
    assert Positions("<http://e/a> <http://e/p> " + "[ <http://e/p> " * 9_000).triples
