"""The text of a query: which names it uses and where, and what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jkgraph.errors import JkgraphError
from jkgraph.messages import NOTHING, Message, did_you_mean, nearest

# Strings, IRIs and comments hold no names; variables and tags are not names. What is taken for one
# of these must be one to the store as well: nothing may hide here.
QUIET = re.compile(
    r"""\\.|\"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|<[^<>"{}|^`\\\x00-\x20]*>|#[^\n\r]*""",
    re.DOTALL,
)
NAME = re.compile(r"(?<![\w?$@:.-])([A-Za-z][\w-]*)?:([A-Za-z0-9_][\w-]*)?")
WORD = re.compile(r"(?<![\w?$@:.-])[A-Za-z_]\w*(?![\w:-])")
DECLARED = re.compile(r"\bPREFIX\s+([\w-]*):", re.IGNORECASE)
ADDRESS = re.compile(
    r"""\s*<([a-z][^<>"{}|^`\\\x00-\x20:]*:[^<>"{}|^`\\\x00-\x20]*)>""", re.IGNORECASE
)
REMOTE = re.compile(r"(?<![?$])\bSERVICE\b", re.IGNORECASE)
DATASET = re.compile(r"(?<![\w?$@:.-])FROM\b", re.IGNORECASE)
TEMPLATE = re.compile(r"\bCONSTRUCT\s*\{[^{}]*\}", re.IGNORECASE)
FORM = re.compile(r"\b(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
PREAMBLE = re.compile(r"\s*(?:PREFIX|BASE)\b", re.IGNORECASE)
PLACED = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
SENTENCE = re.compile(r"(?:The |SELECT )[^,\[]+")
KNOWN = """
    A ABS ADJUST AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS
    COUNT DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH
    GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC
    ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH
    NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND
    SAMETERM SAMPLE SECONDS SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER
    STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE
    TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR
"""
WORDS = frozenset(KNOWN.split())
# How an update begins, which is no query.
UPDATES = {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}


class Name(NamedTuple):
    """A prefixed name in a query, and where it stands: its offset in the text."""

    prefix: str
    local: str
    offset: int


def quiet(text: str) -> str:
    """Blank out strings, addresses and comments; everything else keeps its place."""
    return QUIET.sub(lambda found: " " * len(found[0]), text)


def names(text: str) -> list[Name]:
    """Return the prefixed names in a SPARQL text, without those that it declares."""
    bare = DECLARED.sub(lambda found: " " * len(found[0]), quiet(text))
    found = (m for m in NAME.finditer(bare) if m[0] != ":")
    return [Name(m[1] or "", m[2] or "", m.start()) for m in found]


def declared(text: str) -> dict[str, str]:
    """Return the prefixes that a query declares, with what each stands for.

    That is nothing where it hangs on another address (``BASE``).

    >>> declared("PREFIX a: <http://a/> prefix b: <#> SELECT * { ?s a:x 'PREFIX c: <c:>' }")
    {'a': 'http://a/', 'b': ''}
    """
    found = ((m[1], ADDRESS.match(text, m.end())) for m in DECLARED.finditer(quiet(text)))
    return {prefix: address[1] if address else "" for prefix, address in found}


def is_remote(text: str) -> bool:
    """Tell whether a query asks another server."""
    return bool(REMOTE.search(quiet(text)))


def has_dataset(text: str) -> bool:
    """Tell whether a query chooses the graphs that it asks (``FROM``)."""
    return bool(DATASET.search(quiet(text)))


def gives_triples(text: str) -> bool:
    """Tell whether a query is answered by a graph, not by a table or by yes or no.

    >>> gives_triples("PREFIX ask: <ASK> construct where { }"), gives_triples("ASK { }")
    (True, False)
    """
    form = next((word for word in WORD.findall(quiet(text)) if FORM.fullmatch(word)), "")
    return form.upper() in {"CONSTRUCT", "DESCRIBE"}


def place(query: str, text: str, offset: int) -> str:
    """Write where in a query something stands, as name:line:column."""
    before = text[:offset]
    return f"{query}:{before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"


def require_prefixes(query: str, text: str, prefixes: Mapping[str, str]) -> None:
    """Refuse an unknown prefix by name: the store's own message does not tell which."""
    known = {*prefixes, *declared(text)}
    for name in names(text):
        if name.prefix not in known and name.prefix != "_":
            raise JkgraphError(
                "query-prefix",
                place=place(query, text, name.offset),
                name=name.prefix,
                hint=did_you_mean(name.prefix, known),
            )


def fault(query: str, text: str, reason: str) -> JkgraphError:
    """Return the error that a query has a fault, with its place and what was probably meant.

    A word that SPARQL does not have is the fault, wherever the store stumbled.
    """
    for word in WORD.finditer(quiet(text)):
        if word[0].upper() in UPDATES:
            at = place(query, text, word.start())
            return JkgraphError("query-update", place=at, name=word[0])
        if word[0].upper() not in WORDS:
            near = nearest(word[0].upper(), WORDS)
            hint = Message("hint.did-you-mean", {"near": near}) if near else NOTHING
            at = place(query, text, word.start())
            return JkgraphError("query-word", place=at, name=word[0], hint=hint)
    found = PLACED.match(reason)
    if found is None:
        return JkgraphError("bad-query", place=f"{query}:1:1", reason=reason)
    told = SENTENCE.search(found[3])
    at = f"{query}:{found[1]}:{found[2]}"
    if told:
        return JkgraphError("bad-query", place=at, reason=told[0].strip())
    return JkgraphError("query-syntax", place=at, near=_near(text, int(found[1]), int(found[2])))


def _near(text: str, line: int, column: int) -> str:
    """Return what stands just before the place where the store stumbled."""
    # The place may be behind the last line: splitting at each line end keeps the empty one there.
    lines = text.split("\n")
    before = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]])
    return " ".join(before.split())[-30:]


def used(text: str) -> Iterator[Name]:
    """Yield the names that a query looks for: all but those of the triples that it makes."""
    made = TEMPLATE.search(quiet(text))
    for name in names(text):
        if made is None or not made.start() <= name.offset < made.end():
            yield name


def is_whole(text: str) -> bool:
    """Tell whether nothing misses yet: a query begins, and all that was opened is closed.

    What begins otherwise than a query is whole too, so that its fault can be told.

    >>> is_whole("SELECT * {"), is_whole("SELECT * { }"), is_whole('ASK { ?x ?y "a }')
    (False, True, False)
    """
    seen = quiet(text)
    if any(quote in seen for quote in "\"'"):
        return False
    opened, closed = (sum(map(seen.count, signs)) for signs in ("({[", ")}]"))
    form = FORM.search(seen)
    if form is None:
        return bool(seen.strip()) and not PREAMBLE.match(seen)
    return opened <= closed and (closed > 0 or form[0].upper() == "DESCRIBE")
