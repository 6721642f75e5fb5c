# ruff: noqa: E501, RUF005  (an odd thing beside another on a line)
"""The inputs that the fuzzer makes: real ones with changes, ones by grammar, and any bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from html import escape

from hypothesis import strategies as st

# What has meaning somewhere, or is written in an odd way.
PIECES = [
    *("\"'#;,.@<>[](){}|\\:/?&%*+-=~^$ \n\r\t\0"),
    *("é", "𝄞", "\ufeff", "\u202e", "\u0301", "\u2028", "\x1b[2J", "\x85", "İ", "ß", "ﬃ", "٣"),
    *("^^", '"""', "'''", "_:b", "@nl", "@nl-NL", "@en--ltr", "<<", ">>", "\r\n", "--", "{|"),
    *("a", "xsd:date", "br:", "br:Bridge", "bridge:houten-brug", "material:", "rdf:nil", "owl:sameAs"),
    *("@prefix", "@base", "PREFIX : <urn:x#> ", "<>", "<a>", "<javascript:alert(1)>", "[]", "()"),
    *("0", "-1", "1e999", "999999999999999999999", "1.5", "NaN", "true", "null", "INF", "0x10"),
    *("SELECT * {", "SERVICE <http://127.0.0.1:9/> {}", "VALUES ?water {", "LOAD <file:///etc/passwd>"),
    *("GROUP BY", "FILTER(", "BIND(", "UNION", "MINUS", "OPTIONAL {", "REGEX(", "LIMIT -1", "?x"),
    *("../", "..\\", "/etc/passwd", "%2e%2e%2f", "\\u0000", "\\U0010FFFF", "\\uD800", "&amp;", "<!DOCTYPE"),
    *("=1+1", "@SUM(A1)", "{{ 7*7 }}", "{% x %}", "{name}", "{0}", "%s", "msgid", "msgstr", "[site]"),
    *("2025-02-30", "9999-99-99", "0000-00-00", "-0001-01-01", "10000-01-01", "2025-01-01T25:61:61Z"),
    "x" * 70,
    "[" * 60,
    "(" * 60,
]  # fmt: skip

edits = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "replace", "repeat", "cut", "swap", "byte"]),
        st.integers(0, 1 << 20),
        st.integers(0, 60),
        st.sampled_from(PIECES) | st.text(max_size=6),
    ),
    min_size=1,
    max_size=4,
)


def changed(seed: bytes, changes: Sequence[tuple[str, int, int, str]]) -> bytes:
    """Return an input after some changes."""
    for what, place, size, text in changes:
        at = place % (len(seed) + 1)
        piece = text.encode("utf-8", "surrogatepass")
        before, here, after = seed[:at], seed[at : at + size], seed[at + size :]
        seed = {
            "insert": before + piece + here + after,
            "delete": before + after,
            "replace": before + piece + after,
            "repeat": before + here * 3 + after,
            "cut": before,
            "swap": before + after[:size] + here + after[size:],
            "byte": before + bytes([size % 256 | 128]) + here + after,
        }[what]
    return seed


def near(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Make inputs that are nearly one of some."""
    return st.builds(changed, st.sampled_from(sorted(seeds)), edits)


def any_text() -> st.SearchStrategy[bytes]:
    """Make any text, and words put together."""
    words = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=8).map(" ".join)
    return (st.text(max_size=60) | words).map(lambda text: text.encode("utf-8", "surrogatepass"))


def _join(*parts: st.SearchStrategy[str], by: str = " ") -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(by.join)


NAMES = st.sampled_from(
    ["bridge:houten-brug", "br:crosses", "skos:prefLabel", "br:length", "br:x.y", "br:a\\,b", "<urn:x>"]
    + ["dct:modified", "water:lange-vaart", "a", "bridge:houten-brug\\#x", "br:%41", "<http://é/>", ":"]
)  # fmt: skip
QUOTES = st.sampled_from(['"', "'", '"""', "'''"])
LITERALS = st.one_of(
    st.builds(lambda q, text: q + text + q, QUOTES, st.text(max_size=9)),
    _join(
        st.builds(lambda text: '"' + re.sub(r'["\\\n\r]', "", text) + '"', st.text(max_size=9)),
        st.sampled_from(["", "@nl", "@en-GB", "^^xsd:date", "^^<urn:t>", "@x-y-z-1", "^^br:x"]),
        by="",
    ),
    st.sampled_from(["1", "-1.50", "1e5", ".5", "true", "false", "+0", "01", "1.", "1E-400"]),
)
TERMS = st.recursive(
    NAMES | LITERALS | st.sampled_from(["_:a", "_:b", "[]", "()", "?x", "$y"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda terms: f"( {' '.join(terms)} )"),
        st.tuples(NAMES, inner).map(lambda pair: f"[ {' '.join(pair)} ]"),
        st.tuples(NAMES, inner, inner).map(lambda parts: f"<<( {' '.join(parts)} )>>"),
    ),
    max_leaves=6,
)


def turtle(head: bytes) -> st.SearchStrategy[bytes]:
    """Make Turtle by its grammar, with the prefixes of a record before it."""
    said = _join(NAMES, st.lists(TERMS, min_size=1, max_size=2).map(", ".join))
    about = st.lists(said, min_size=1, max_size=3).map(" ;\n    ".join)
    statement = _join(TERMS, about).map(lambda text: f"{text} .\n")
    noted = statement | st.text(max_size=5).map(lambda text: f"# {text}\n")
    return st.lists(noted, min_size=1, max_size=4).map(
        lambda lines: head + "".join(lines).encode("utf-8", "surrogatepass")
    )


PATHS = st.recursive(
    NAMES | st.just("?p"),
    lambda inner: st.one_of(
        _join(inner, st.sampled_from("/|"), inner).map(lambda path: f"({path})"),
        _join(inner, st.sampled_from("*+?"), by=""),
        inner.map(lambda path: f"^{path}"),
        inner.map(lambda path: f"!({path})"),
    ),
    max_leaves=4,
)
TESTS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        _join(inner, st.sampled_from(["=", "<", "+", "/", "&&", "||", "IN"]), inner).map("({})".format),
        _join(
            st.sampled_from(["STR", "LANG", "REGEX", "REPLACE", "IRI", "SUBSTR", "NOW", "xsd:date", "IF"]),
            st.lists(inner, max_size=3).map(lambda terms: f"({', '.join(terms)})"),
            by="",
        ),
    ),
    max_leaves=4,
)  # fmt: skip
GROUPS = st.recursive(
    _join(TERMS, PATHS, TERMS),
    lambda inner: st.one_of(
        _join(inner, inner, by=" . "),
        _join(inner, inner, by=" } UNION { ").map("{{ {} }}".format),
        inner.map("OPTIONAL {{ {} }}".format),
        inner.map("{{ SELECT * {{ {} }} LIMIT 2 }}".format),
        inner.map("GRAPH ?g {{ {} }}".format),
        inner.map("SERVICE SILENT <http://127.0.0.1:9/> {{ {} }}".format),
        TESTS.map("FILTER({})".format),
        TESTS.map("BIND({} AS ?z)".format),
    ),
    max_leaves=5,
)


def sparql() -> st.SearchStrategy[bytes]:
    """Make queries by their grammar."""
    heads = ["SELECT *", "SELECT (COUNT(*) AS ?n)", "ASK", "CONSTRUCT { ?s ?p ?o }", "DESCRIBE ?x"]
    ends = ["", "LIMIT 2", "ORDER BY ?x", "GROUP BY ?x HAVING(COUNT(*) > 1)", "OFFSET 1", "VALUES ?x { 1 }"]  # fmt: skip
    return _join(
        st.sampled_from(heads), GROUPS.map("WHERE {{ {} }}".format), st.sampled_from(ends)
    ).map(lambda text: text.encode("utf-8", "surrogatepass"))


def updates() -> st.SearchStrategy[bytes]:
    """Make updates by their grammar."""
    forms = [
        "INSERT DATA {{ {} }}",
        "DELETE WHERE {{ {} }}",
        "INSERT {{ {} }} WHERE {{ ?x ?p ?o }}",
        "DELETE {{ ?x ?p ?o }} INSERT {{ {} }} WHERE {{ ?x ?p ?o }}",
    ]
    return st.builds(
        lambda form, group: form.format(group).encode("utf-8", "surrogatepass"),
        st.sampled_from(forms),
        _join(TERMS, NAMES, TERMS),
    )


def requests() -> st.SearchStrategy[bytes]:
    """Make requests: addresses of a site and of an endpoint, with forms and odd heads."""
    parts = [
        "",
        "id",
        "bridge",
        "houten-brug",
        "houten-brug.ttl",
        "sparql",
        "..",
        "%2e%2e",
        "outside",
    ]
    parts += [
        "static",
        "secret.ttl",
        "index.html",
        "def",
        "%00",
        "%0d%0aX: y",
        "~",
        "con",
        "x" * 300,
        "_",
        "//",
    ]
    path = st.lists(st.sampled_from(parts) | st.text(max_size=4), max_size=5).map("/".join)
    query = any_text().map(lambda text: text.decode("utf-8", "replace"))
    form = st.sampled_from(
        ["query=", "query=SELECT%20*%7B%7D&x=", "update=", "default-graph-uri=x&query="]
    )
    asked = st.just("") | _join(st.just("?"), form, query, by="")
    values = st.sampled_from(
        ["localhost", "127.0.0.1:8000", "evil.example", "text/turtle", "*/*;q=x", "application/sparql-query"]
        + ["application/x-www-form-urlencoded", "nl", "0", "-1", "5", "999999999", "chunked", "bytes=0-"]
        + ["Sat, 01 Jan 2050 00:00:00 GMT", "gzip", "[::1]", "", "text/html;q=0.5,text/turtle;q=0.9"]
    ) | st.text(max_size=9)  # fmt: skip
    names = st.sampled_from(
        ["Host", "Accept", "Content-Type", "Content-Length", "Accept-Language", "If-Modified-Since"]
        + ["Range", "Transfer-Encoding", "X", "Connection", "Expect", "Origin"]
    )
    head = st.lists(_join(names, values, by=": "), max_size=5).map("\r\n".join)
    line = _join(
        st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS", "get", "X"]),
        _join(st.just("/"), path, asked, by=""),
        st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/9", "", "HTTP/1.1 x"]),
    )
    usual = st.just("Host: localhost\r\n") | st.just("")
    return st.builds(
        lambda *text: "{}\r\n{}{}\r\n\r\n{}".format(*text).encode("utf-8", "replace"),
        *(line, usual, head, query),
    )


def repacked(book: bytes, part: int, changes: Sequence[tuple[str, int, int, str]]) -> bytes:
    """Return a workbook with changes in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for number, name in enumerate(old.namelist()):
            content = old.read(name)
            if number == part % len(old.namelist()):
                content = changed(content, changes)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def retyped(book: bytes, place: int, texts: Sequence[str]) -> bytes:
    """Return a workbook with other texts in some of its cells."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith((".xml", ".xml")) and "sheet" in name:
                cells = list(re.finditer(rb"<(t|v)>([^<]*)</\1>", content))
                for number, text in enumerate(texts if cells else ()):
                    cell = cells[(place + number * 7) % len(cells)]
                    told = escape(re.sub("[^\t\n -\ud7ff\ue000-\ufffd]", "", text)).encode()
                    content = content.replace(cell[0], b"<%b>%b</%b>" % (cell[1], told, cell[1]), 1)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def books(seed: bytes) -> st.SearchStrategy[bytes]:
    """Make workbooks: with other cells, with broken parts, and broken as a whole."""
    places = st.integers(0, 1 << 16)
    typed = st.lists(st.sampled_from(PIECES) | st.text(max_size=9), min_size=1, max_size=4)
    return st.one_of(
        st.builds(retyped, st.just(seed), places, typed),
        st.builds(repacked, st.just(seed), places, edits),
        near([seed]),
    )
