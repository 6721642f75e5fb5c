# ruff: noqa: E501, RUF001  (a hostile input a line)
"""Contributed Turtle: whatever a record file holds, `validate` tells what is wrong with it.

The inputs stand in a table and not in files of their own: editors and git would change their
bytes, and the large ones are made.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jkgraph.bounds import USUAL

WOOD = "data/bridge/houten-brug.ttl"
TEXT = '"Een smalle brug voor voetgangers over de Lange Vaart."@nl'
HEAD = "@prefix br: <https://example.org/bruggen/def#> .\n@prefix x: <https://x.example/> .\n"
NOTE = "bridge:houten-brug skos:note"


def nested(opened: str, closed: str, number: int) -> str:
    return f"<urn:s> <urn:p> {opened * number} 1 {closed * number} ."


# A whole file in the place of a record, and the rule that finds it.
WHOLE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "file-empty"),
    "comments-only": ("# x\n" * 1000, "file-empty"),
    "blank-nodes-nested": (nested("[ <urn:p> ", " ]", USUAL.nesting + 1), "syntax-too-deep"),
    "lists-nested": (nested("( ", " )", 5000), "syntax-too-deep"),
    "lists-nested-very-deep": (nested("(", ")", 200_000), "syntax-too-deep"),
    "blank-nodes-open": ("<urn:s> <urn:p> " + "[ <urn:p> " * 50_000, "syntax-too-deep"),
    "brackets-closed": ("<urn:s> <urn:p> " + "] ) " * 9_000, "syntax-"),
    "triple-terms-nested": (nested("<<( <urn:s> <urn:p> ", " )>>", 3000), "syntax-too-deep"),
    "annotations-nested": ("<urn:s> <urn:p> 1 " + "{| <urn:p> 1 " * 900 + "|} " * 900 + ".", "syntax-"),
    "larger-than-a-megabyte": ("# " + "x" * 1_000_001, "syntax-too-large"),
    "literal-of-a-megabyte": (f'<urn:s> <urn:p> "{"x" * 1_000_001}" .', "syntax-too-large"),
    "literal-of-half-a-megabyte": (f'<urn:s> <urn:p> "{"x" * 500_000}" .', "syntax-too-long"),
    "iri-of-half-a-megabyte": (f"<urn:s> <urn:{'x' * 500_000}> 1 .", "record-missing"),
    "slug-of-half-a-megabyte": (f"<https://example.org/bruggen/id/bridge/{'x' * 500_000}> <urn:p> 1 .", "record-missing"),
    "thousands-of-triples": ("".join(f"<urn:s{n}> <urn:p> {n} .\n" for n in range(3000)), "record-missing"),
    "thousands-of-values": ("<urn:s> <urn:p> " + ", ".join(map(str, range(9000))) + " .", "record-missing"),
    "thousands-of-prefixes": ("".join(f"@prefix p{n}: <urn:{n}:> .\n" for n in range(9000)), "file-empty"),
    "thousands-of-languages": ("<urn:s> <urn:p> " + ", ".join(f'"x"@nl-x-a{n}' for n in range(4000)) + " .", "record-missing"),
    "thousands-of-semicolons": ("<urn:s> <urn:p> 1 " + ";" * 40_000 + " .", "record-missing"),
    "thousands-of-quotes": ('"' * 200_000, "syntax-"),
    "thousands-of-backslashes": ('<urn:s> <urn:p> "' + "\\" * 500_001, "syntax-"),
    "thousands-of-angles": ("<" * 200_000, "syntax-"),
    "thousands-of-at-signs": ("@" * 90_000, "syntax-"),
    "one-line-of-dots": ("." * 90_000, "syntax-"),
    "text-never-closed": ("<urn:s> <urn:p> \"\"\"" + "x\n" * 200_000, "syntax-"),
    "byte-order-mark": ("\ufeff<urn:s> <urn:p> 1 .", "syntax-bom"),
    "byte-order-mark-twice": ("\ufeff\ufeff<urn:s> <urn:p> 1 .", "syntax-bom"),
    "carriage-returns": ("<urn:s> <urn:p> 1 .\r\n<urn:s> <urn:p> 2 .\r", "record-missing"),
    "nul": ("<urn:s> <urn:p> \"a\0b\" .", "syntax-bad-character"),
    "nul-only": ("\0" * 1000, "syntax-bad-character"),
    "utf-16": ("<urn:s> <urn:p> 1 .".encode("utf-16"), "syntax-encoding"),
    "utf-16-without-mark": ("<urn:s> <urn:p> 1 .".encode("utf-16-le"), "syntax-bad-character"),
    "utf-32": ("<urn:s> <urn:p> 1 .".encode("utf-32"), "syntax-encoding"),
    "latin-1": ("<urn:s> <urn:p> \"één\" .".encode("latin-1"), "syntax-encoding"),
    "utf-8-too-long": (b'<urn:s> <urn:p> "\xc0\xaf" .', "syntax-encoding"),
    "utf-8-surrogate": (b'<urn:s> <urn:p> "\xed\xa0\x80" .', "syntax-encoding"),
    "utf-8-beyond-unicode": (b'<urn:s> <urn:p> "\xf4\x90\x80\x80" .', "syntax-encoding"),
    "utf-8-cut-off": (b'<urn:s> <urn:p> "\xf0\x9d', "syntax-encoding"),
    "utf-7": ("<urn:s> <urn:p> \"+ADw-script+AD4-\" .", "record-missing"),
    "a-program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)), "syntax-"),
    "a-picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "syntax-"),
    "a-zip": (b"PK\x03\x04" + bytes(100), "syntax-"),
    "a-page": ("<!DOCTYPE html><script>alert(1)</script>", "syntax-"),
    "xml-with-entities": ('<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>', "syntax-"),
    "json": ('{"@context": "http://127.0.0.1:9/", "@id": "x"}', "syntax-"),
    "trig": ("<urn:g> { <urn:s> <urn:p> 1 }", "syntax-"),
    "notation-3": ("{ ?x <urn:p> ?y } => { ?y <urn:p> ?x } .", "syntax-"),
    "conflict-of-git": ("<<<<<<< HEAD\n<urn:s> <urn:p> 1 .\n=======\n>>>>>>> x\n", "syntax-"),
    "base-elsewhere": ("@base <http://127.0.0.1:9/> .\n<x> <y> <z> .", "record-missing|syntax-"),
    "base-of-a-file": ("@base <file:///etc/> .\n<passwd> <y> <z> .", "record-missing|syntax-"),
    "prefix-of-our-own-elsewhere": ("@prefix br: <http://127.0.0.1:9/> .\nbr:x a br:Bridge .", "record-missing"),
    "version-of-rdf-12": ('VERSION "1.2"\n<urn:s> <urn:p> 1 .', "record-missing|syntax-"),
    "directional-text": ('<urn:s> <urn:p> "x"@nl--rtl .', "syntax-rdf-12"),
    "triple-term": ("<urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .", "syntax-rdf-12"),
    "reified-triple": ("<< <urn:a> <urn:b> <urn:c> >> <urn:p> 1 .", "syntax-rdf-12"),
    "reifier": ("<urn:a> <urn:b> <urn:c> ~ <urn:r> .", "syntax-rdf-12"),
    "annotation": ("<urn:a> <urn:b> <urn:c> {| <urn:p> 1 |} .", "syntax-rdf-12"),
    "list-in-a-circle": ("@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n<urn:l> rdf:first 1 ; rdf:rest <urn:l> .", "record-missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_hostile_file_is_a_finding(attack: Callable, name: str) -> None:
    content, rules = WHOLE[name]

    ran = attack({WOOD: content}, "validate")

    assert ran.code == 1
    assert any(f"[{rule}" in ran.out for rule in rules.split("|")), ran.out[:500]


def said(*triples: str) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


# What a valid record says too, and the rule that finds it; none where it does no harm.
SAID: dict[str, tuple[str, str]] = {
    "script-as-text": (f'{NOTE} "<script>alert(1)</script>"@nl .', ""),
    "iri-with-a-space": (f"{NOTE} <https://x.example/a b> .", "syntax-"),
    "iri-with-markup": (f"{NOTE} <https://x.example/\"><script> .", "syntax-"),
    "iri-with-escaped-markup": (f"{NOTE} <https://x.example/\\u003Cscript\\u003E> .", "syntax-"),
    "iri-with-a-newline": (f"{NOTE} <https://x.example/\n> .", "syntax-"),
    "iri-with-nul": (f"{NOTE} <https://x.example/\\u0000> .", "syntax-"),
    "iri-with-half-a-sign": (f"{NOTE} <https://x.example/\\uD800> .", "syntax-"),
    "iri-with-bad-percent": (f"{NOTE} <https://x.example/%zz> .", ""),
    "iri-with-two-hashes": (f"{NOTE} <https://x.example/a#b#c> .", ""),
    "iri-with-a-bad-port": (f"{NOTE} <https://x.example:99999999/> .", ""),
    "iri-with-a-bad-host": (f"{NOTE} <https://[::1/> .", ""),
    "iri-with-a-password": (f"{NOTE} <https://user:word@x.example/> .", ""),
    "iri-that-turns": (f"{NOTE} <https://x.example/\u202egpj.exe> .", ""),
    "iri-alike": (f"{NOTE} <https://ехаmple.org/bruggen/id/bridge/houten-brug> .", ""),
    "javascript": (f"{NOTE} <javascript:alert(1)> .", ""),
    "javascript-in-capitals": (f"{NOTE} <JaVaScRiPt:alert(1)> .", ""),
    "data": (f"{NOTE} <data:text/html;base64,PHNjcmlwdD4=> .", ""),
    "vbscript": (f"{NOTE} <vbscript:msgbox(1)> .", ""),
    "file": (f"{NOTE} <file:///etc/passwd> .", ""),
    "graph-of-another-file": (f"<file:///data/bridge/spoorbrug.ttl> {NOTE.split()[1]} 1 .", "subject-elsewhere"),
    "graph-of-what-follows": ("<urn:jkgraph:inferred> skos:note 1 .", "subject-elsewhere"),
    "another-record": ("bridge:spoorbrug skos:prefLabel \"Gekaapt\"@nl .", "subject-elsewhere"),
    "a-word-of-the-ontology": ("br:Bridge skos:prefLabel \"Gekaapt\"@nl .", "subject-elsewhere"),
    "a-class-of-its-own": ("br:Evil a <http://www.w3.org/2002/07/owl#Class> .", "subject-elsewhere"),
    "a-sub-class": ("bridge:houten-brug <http://www.w3.org/2000/01/rdf-schema#subClassOf> br:Record .", ""),
    "same-as-another": ("bridge:houten-brug <http://www.w3.org/2002/07/owl#sameAs> bridge:spoorbrug .", ""),
    "imports": ("bridge:houten-brug <http://www.w3.org/2002/07/owl#imports> <{beacon}> .", ""),
    "imports-of-an-ontology": ("<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> <{beacon}> .", "subject-elsewhere"),
    "see-also-elsewhere": ("bridge:houten-brug <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{beacon}> .", ""),
    "a-shape-with-a-rule": ("bridge:houten-brug <http://www.w3.org/ns/shacl#sparql> [ <http://www.w3.org/ns/shacl#select> \"SELECT $this { SERVICE <{beacon}> { $this ?p ?o } }\" ] .", "blank-node"),
    "a-shape-with-a-script": ("bridge:houten-brug <http://www.w3.org/ns/shacl#js> \"x\" .", ""),
    "shapes-graph-elsewhere": ("bridge:houten-brug <http://www.w3.org/ns/shacl#shapesGraph> <{beacon}> .", ""),
    "a-shape-for-everything": ("bridge:houten-brug a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> br:Record ; <http://www.w3.org/ns/shacl#nodeKind> <http://www.w3.org/ns/shacl#Literal> .", ""),
    "pattern-that-explodes": ("bridge:houten-brug <http://www.w3.org/ns/shacl#pattern> \"(a+)+$\" ; skos:altLabel \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"@nl .", ""),
    "change-note-for-the-pattern": ("bridge:houten-brug skos:changeNote \"" + "1" * 50_000 + "\"@nl .", "Record-changeNote"),
    "turning-text": ("bridge:houten-brug skos:altLabel \"a\u202eb\u2066c\"@nl .", ""),
    "turning-text-in-a-finding": ("bridge:houten-brug br:opened \"\u202e2025\"^^xsd:date .", "ill-typed"),
    "control-signs-in-a-finding": ("bridge:houten-brug br:opened \"\\u001B[2J\\u0007\"^^xsd:date .", "ill-typed"),
    "newlines-in-a-finding": ("bridge:houten-brug br:opened \"\\n::error::x\\n\"^^xsd:date .", "ill-typed"),
    "control-signs-in-an-address": ("<https://x.example/\u009b2J> skos:note 1 .", "syntax-bad-iri"),
    "control-signs-raw": ("bridge:houten-brug skos:altLabel \"a\x1b]0;x\x07b\"@nl .", ""),
    "combining-signs": ("bridge:houten-brug skos:altLabel \"a" + "\u0301" * 20_000 + "\"@nl .", ""),
    "signs-without-width": ("bridge:houten-brug skos:altLabel \"\u200b\u200d\ufeff\u2060\"@nl .", ""),
    "signs-beyond-the-plane": ("bridge:houten-brug skos:altLabel \"𝄞\U0010ffff\uffff\ufdd0\"@nl .", ""),
    "tag-too-long": ("bridge:houten-brug skos:altLabel \"x\"@" + "a" * 5000 + " .", "syntax-|Record-altLabel"),
    "tag-with-markup": ("bridge:houten-brug skos:altLabel \"x\"@nl\"><script> .", "syntax-"),
    "tag-strange": ("bridge:houten-brug skos:altLabel \"x\"@x-script-alert-1 .", "Record-altLabel"),
    "datatype-elsewhere": ("bridge:houten-brug br:length \"1\"^^<{beacon}> .", "Bridge"),
    "datatype-javascript": ("bridge:houten-brug skos:note \"1\"^^<javascript:alert(1)> .", ""),
    "html-literal": ("bridge:houten-brug skos:note \"<script>alert(1)</script>\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML> .", ""),
    "xml-literal": ("bridge:houten-brug skos:note \"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> .", ""),
    "json-literal": ("bridge:houten-brug skos:note \"{\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .", ""),
    "number-of-many-digits": ("bridge:houten-brug br:length " + "9" * 6000 + ".0 .", "Bridge|value"),
    "number-of-many-digits-whole": ("bridge:houten-brug br:length " + "9" * 6000 + " .", "Bridge|value"),
    "number-without-end": ("bridge:houten-brug br:length \"INF\"^^xsd:double , \"NaN\"^^xsd:double .", "Bridge"),
    "number-with-a-huge-exponent": ("bridge:houten-brug br:length 1e999999999 .", "Bridge"),
    "year-far-off": ("bridge:houten-brug br:opened \"999999999999-01-01\"^^xsd:date .", ""),
    "year-before-christ": ("bridge:houten-brug br:opened \"-0044-03-15\"^^xsd:date .", ""),
    "day-that-is-not": ("bridge:houten-brug br:opened \"2025-02-30\"^^xsd:date .", "ill-typed"),
    "modified-in-words": ("bridge:houten-brug dct:modified \"__import__('os')\"^^xsd:date .", "ill-typed"),
    "review-far-off": ("bridge:houten-brug br:checked \"9999-12-31\"^^xsd:date .", ""),
    "part-with-markup": ("<https://example.org/bruggen/id/bridge/houten-brug#x'y> a br:Citation ; br:pages \"1\" .", ""),
    "part-with-a-path": ("<https://example.org/bruggen/id/bridge/houten-brug#../../x> a br:Citation .", ""),
    "record-with-a-path": ("<https://example.org/bruggen/id/bridge/../../../x> a br:Bridge .", "subject-elsewhere"),
    "link-with-a-path": ("bridge:houten-brug br:crosses <https://example.org/bruggen/id/water/../../../../x> .", "link|Crossing"),
    "link-with-an-escaped-path": ("bridge:houten-brug br:crosses <https://example.org/bruggen/id/water/%2e%2e%2fx> .", "link|Crossing"),
    "crosses-javascript": ("bridge:houten-brug br:crosses <javascript:alert(1)> .", "link|Crossing"),
    "replaced-by-itself": ("bridge:houten-brug dct:isReplacedBy bridge:houten-brug .", ""),
    "flows-into-itself": ("water:lange-vaart br:flowsInto water:lange-vaart .", "subject-elsewhere"),
    "a-list-as-a-value": ("bridge:houten-brug br:material ( 1 2 3 ) .", "blank-node|Bridge"),
    "hundreds-of-types": ("bridge:houten-brug a " + ", ".join(f"<urn:t{n}>" for n in range(500)) + " .", ""),
    "hundreds-of-unknown-words": ("bridge:houten-brug " + " ; ".join(f"br:bestaatNiet{n} {n}" for n in range(500)) + " .", "unknown-term"),
    "a-word-of-great-length": ("bridge:houten-brug br:" + "x" * 50_000 + " 1 .", "unknown-term"),
    "python-in-a-text": ("bridge:houten-brug skos:altLabel \"{0.__class__.__mro__} %s {x!r} ${HOME}\"@nl .", ""),
    "template-in-a-text": ("bridge:houten-brug skos:altLabel \"{{ config }} {% include '/etc/passwd' %}\"@nl .", ""),
    "gaps-in-a-finding": ("bridge:houten-brug br:opened \"{name} {file} {0}\"^^xsd:date .", "ill-typed"),
    "sparql-in-a-text": ("bridge:houten-brug skos:altLabel \"\\\" } ; DROP ALL #\"@nl .", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_hostile_statement_is_a_finding_or_harmless(
    attack: Callable, minimal: Path, beacon: str, name: str
) -> None:
    statement, rules = SAID[name]
    record = (minimal / WOOD).read_text("utf-8")

    ran = attack({WOOD: f"{record}\n{statement.replace('{beacon}', beacon)}\n"}, "validate")

    assert ran.code == 1 or not rules
    found = [rule for rule in rules.split("|") if f"[{rule}" in ran.out]
    assert found or not rules, ran.out[:500]


# Names of files in data/, and the rule that finds them.
NAMED: dict[str, tuple[str, str]] = {
    "script": ("bridge/<script>alert(1)<!script>.ttl", "slug-form"),
    "quotes": ("bridge/\"onload=\"x.ttl", "slug-form"),
    "newline": ("bridge/a\n::error::b.ttl", "slug-form"),
    "control-signs": ("bridge/a\x1b[2Jb.ttl", "slug-form"),
    "turning": ("bridge/a\u202eltt.exe.ttl", "slug-form"),
    "dots": ("bridge/...ttl", "slug-form"),
    "dots-escaped": ("bridge/%2e%2e%2fx.ttl", "slug-form"),
    "backslashes": ("bridge/..\\..\\x.ttl", "slug-form"),
    "option": ("bridge/--help.ttl", "slug-form"),
    "gap": ("bridge/{name}{0}.ttl", "slug-form"),
    "device": ("bridge/con.ttl", "slug-form"),
    "index": ("bridge/index.ttl", "slug-form"),
    "long": (f"bridge/{'x' * 200}.ttl", "slug-form"),
    "space": ("bridge/a b.ttl", "slug-form"),
    "decomposed": ("bridge/e\u0301e\u0301n.ttl", "slug-form"),
    "nothing": ("bridge/.ttl", "file-stray"),
    "not-utf-8": ("bridge/a\udcff.ttl", "slug-form"),
    "hash": ("bridge/a#b.ttl", "slug-form"),
    "question-mark": ("bridge/a?b.ttl", "slug-form"),
    "folder-elsewhere": ("..x/x.ttl", "folder-unknown"),
    "folder-of-terms": ("def/x.ttl", "folder-unknown"),
    "folder-of-lists": ("material/x.ttl", "folder-unknown"),
    "folder-with-markup": ("<b>/x.ttl", "folder-unknown"),
    "folder-in-a-folder": ("bridge/" + "a/" * 60 + "x.ttl", "folder-nested"),
    "no-folder": ("x.ttl", "file-outside"),
    "folder-as-a-file": ("bridge/x.ttl/y.ttl", "folder-nested"),
    "page": ("bridge/x.html", "file-stray"),
    "settings-of-a-host": (".htaccess", "file-stray"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("command", ["validate", pytest.param("build", marks=pytest.mark.full)])
def test_a_hostile_name_of_a_file_is_a_finding(attack: Callable, name: str, command: str) -> None:
    path, rules = NAMED[name]

    ran = attack({f"data/{path}": "<urn:s> <urn:p> 1 ."}, command)

    if command == "validate":
        assert any(f"[{rule}" in ran.out for rule in rules.split("|")), ran.out + ran.err


LINKS = {
    "to-a-file-outside": ("bridge/x.ttl", "../../../outside/secret.ttl"),
    "to-a-folder-outside": ("lek", "../../outside"),
    "to-a-folder-of-records-outside": ("bridge/lek", "../../../outside"),
    "to-the-root": ("bridge/wortel", "/"),
    "to-itself": ("bridge/x.ttl", "x.ttl"),
    "to-its-folder": ("bridge/x", "."),
    "to-nothing": ("bridge/x.ttl", "bestaat-niet.ttl"),
    "to-a-device": ("bridge/x.ttl", "/dev/zero"),
    "to-secrets": ("bridge/x.ttl", "/proc/self/environ"),
}


COMMANDS = [["build"], ["format"], ["query", "upstream"], ["export", "bridge", "--csv"]]
OTHERS = [pytest.param(command, marks=pytest.mark.full) for command in COMMANDS]


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("command", [["validate"], *OTHERS], ids=lambda c: c[0])
def test_a_link_is_not_followed(
    attack: Callable, minimal: Path, name: str, command: list[str]
) -> None:
    at, target = LINKS[name]
    link = minimal / "data" / at
    link.symlink_to(target)

    ran = attack({}, *command)

    if command == ["validate"]:
        assert "[file-symlink]" in ran.out
    for path in (minimal / "build").rglob("*"):
        assert not path.is_file() or b"GEHEIM" not in path.read_bytes()


def test_a_pipe_is_not_read(attack: Callable, minimal: Path) -> None:
    os.mkfifo(minimal / "data" / "bridge" / "x.ttl")

    assert "[file-" in attack({}, "validate").out


@pytest.mark.parametrize(
    "command",
    [
        ["show", "houten-brug"],
        ["query", "-e", "SELECT * { bridge:houten-brug ?p ?o }"],
        ["why", "houten-brug"],
        ["withdraw", "houten-brug", "--reason", "x", "--dry-run"],
        ["stats"],
    ],
    ids=lambda c: c[0],
)
def test_a_text_does_not_command_the_terminal(
    attack: Callable, minimal: Path, command: list[str]
) -> None:
    record = (minimal / WOOD).read_text("utf-8").replace("Wooden bridge", "a\x1b]0;x\x07\u202eb")

    attack({WOOD: record}, *command)
