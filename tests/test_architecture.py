"""The engine is built as its documentation says: layers, duties, sizes, names, no domain."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.workspace import open_workspace

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "jkgraph"
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in SOURCE.rglob("*.py")
}
# The package itself and `python -m jkgraph` are how the engine is started, above all layers.
STARTERS = {"__init__", "__main__"}
LONGEST = 300
VAGUE = {"base", "common", "core", "helper", "helpers", "manager", "misc", "tools", "util", "utils"}

# Folders of a workspace, which only `workspace` may name, and why another module seems to.
FOLDERS = {"data", "docs", "ontology", "queries", "rules", "schemes", "shapes", "site_templates"}
NOT_A_FOLDER = {
    ("cli.help", "docs"): "the command",
    ("releasing.bom", "data"): "what CycloneDX calls it",
    ("reports.as_sarif", "rules"): "what SARIF calls them",
    ("site.render", "rules"): "what templates call them",
    ("site.plan", "data"): "the folder of the dumps on the site",
}
# Who reads Turtle besides `turtle`, and why.
TEMPLATES = {"site.compiled", "site.environment", "site.render", "site.straight"}
READERS = {
    "loading": "the store loads whole files by itself, which is the fastest",
    "queries": "one term that a person typed",
    "checks.shacl": "the reference engine takes a graph of rdflib",
}
# Words that name things of this domain too, and why the engine may use them.
GENERIC = {
    "ideas of the engine itself": """
        begrippen bron citation finding findings place places question questions record role
        soort source sources statement statements status term terms uitspraak uitspraken value
        waarde
    """,
    "words of RDF, SHACL, HTML and HTTP": "action direction form group target type",
    "everyday words": """
        against basis betekenis care children example examples expected knowledge level outcome
        uitkomst van variant
    """,
}

# Words of this domain that a standard uses too, in the one module that writes that standard.
OF_STANDARDS = {
    "site/dataset.py": {"theme"},  # dcat:theme
    "site/endpoint.py": {"feature"},  # sd:feature
}


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def _imports(module: str) -> frozenset[str]:
    """Return the modules of the engine that a module imports when it runs."""
    for_types = {
        id(inner)
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and id(node) not in for_types:
            package = node.module or ""
            names = [f"{package}.{alias.name}" for alias in node.names]
            found |= {_module(name) or _module(package) for name in names}
        elif isinstance(node, ast.Import):
            found |= {_module(alias.name) for alias in node.names}
    return frozenset(filter(None, found)) - {module}


def _module(name: str) -> str | None:
    """Return the module of the engine that a dotted name stands for."""
    if not name.startswith("jkgraph."):
        return None
    own = name.removeprefix("jkgraph.")
    return next((found for found in (own, f"{own}.__init__") if found in MODULES), None)


def _top(module: str) -> str:
    return module.partition(".")[0]


@cache
def _layers() -> dict[str, int]:
    """Read the table of layers in the documentation."""
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d) \| (.+?) \|", text, re.MULTILINE)
    return {name: int(layer) for layer, names in rows for name in re.findall(r"`(\w+)/?`", names)}


def test_the_documentation_names_every_module_of_the_engine_and_no_other() -> None:
    assert _layers().keys() == {_top(module) for module in MODULES} - STARTERS


@pytest.mark.parametrize("module", sorted(MODULES.keys() - STARTERS))
def test_a_module_imports_nothing_from_a_layer_below_its_own(module: str) -> None:
    layers = _layers()

    below = {name for name in _imports(module) if layers[_top(name)] > layers[_top(module)]}

    assert below == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    # A package says in `__init__` what it offers; its own modules are imported before that.
    graph = {
        module: {name for name in _imports(module) if not _is_own_package(module, name)}
        for module in MODULES
    }

    list(TopologicalSorter(graph).static_order())


def _is_own_package(module: str, name: str) -> bool:
    return name.endswith(".__init__") and _top(name) == _top(module)


def _calls(module: str) -> Iterator[str]:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def _texts(module: str) -> Iterator[str]:
    """Yield the texts in code, without the docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(_tree(module)):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("module", sorted(m for m in MODULES if _top(m) not in {"cli"}))
def test_only_the_command_line_prints_and_exits(module: str) -> None:
    said = {"print", "sys.exit", "exit", "quit", "os._exit", "click.echo", "SystemExit"}

    assert said.isdisjoint(_calls(module))
    assert not re.search(r"\bsys\.(argv|std)", MODULES[module].read_text("utf-8"))


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"workspace"}))
def test_only_workspace_knows_the_names_of_folders(module: str) -> None:
    named = {
        text
        for text in _texts(module)
        if text.strip("/") in FOLDERS or re.search(rf"\b({'|'.join(FOLDERS)})/", text)
    }

    assert {text for text in named if (module, text) not in NOT_A_FOLDER} == set()


@pytest.mark.parametrize("module", sorted(m for m in MODULES if _top(m) != "turtle"))
def test_only_turtle_reads_and_writes_turtle(module: str) -> None:
    text = MODULES[module].read_text("utf-8")

    reads = "RdfFormat.TURTLE" in text or 'format="turtle"' in text

    assert reads == (module in READERS)


@pytest.mark.parametrize("module", sorted(MODULES.keys() - TEMPLATES))
def test_only_four_modules_know_the_template_engine(module: str) -> None:
    assert not re.search(r"\b(jinja2|markupsafe)\b", MODULES[module].read_text("utf-8"))


@pytest.mark.parametrize("module", sorted(m for m in MODULES if _top(m) not in {"iri"}))
def test_only_iri_makes_addresses(module: str) -> None:
    # The base of a workspace, put before something else.
    assert not re.search(r"\{[\w.]*\bbase\}", MODULES[module].read_text("utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_fits_its_reader_and_has_a_name_that_says_something(module: str) -> None:
    path = MODULES[module]

    assert len(path.read_text("utf-8").splitlines()) <= LONGEST
    assert path.stem not in VAGUE
    assert not any(isinstance(node, ast.Global) for node in ast.walk(_tree(module)))


def test_every_exclusion_from_a_check_tells_its_reason() -> None:
    mute = re.compile(r"# (noqa(: [A-Z0-9, ]+)?|type: ignore(\[[a-z-]+\])?)$", re.MULTILINE)
    code = [path for name in ("src", "tests", "benchmarks") for path in (ROOT / name).rglob("*.py")]

    assert not [str(path) for path in code if mute.search(path.read_text("utf-8"))]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_what_others_may_use_is_documented(module: str) -> None:
    undocumented = [
        node.name
        for node in _public(_tree(module))
        if not (ast.get_docstring(node) or "").partition("\n\n")[0].endswith(".")
    ]

    assert ast.get_docstring(_tree(module))
    assert undocumented == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


@cache
def _domain() -> frozenset[str]:
    """Return the words of this domain: the names of its kinds, parts and lists, and its title."""
    workspace = open_workspace(ROOT)
    kinds = read_kinds(load(workspace))
    every = (*kinds.records, *kinds.families, *kinds.parts, *kinds.lists)
    names = {name for kind in every for name in (kind.name, *kind.label.values())}
    names |= {name for kind in every for name in kind.plural.values()}
    said = [*workspace.site.title.values(), *workspace.site.description.values()]
    words = {word for name in names for word in re.findall(r"[^\W\d_]{3,}", name.casefold())}
    return frozenset(
        words | {w for text in said for w in re.findall(r"[^\W\d_]{7,}", text.casefold())}
    )


def test_the_words_of_this_domain_are_known_to_the_tests() -> None:
    assert {"intervention", "interventie", "thema", "stakeholder", "wachttijden"} <= _domain()


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".html", ".po", ".css", ".js", ".svg"}
        and "vendor" not in path.parts
    ),
    ids=lambda path: path.relative_to(SOURCE).as_posix(),
)
def test_the_engine_holds_no_word_and_no_address_of_this_domain(path: Path) -> None:
    text = path.read_text("utf-8")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    words = set(re.findall(r"[^\W\d_]+", spaced))

    allowed = {word for words in GENERIC.values() for word in words.split()}
    allowed |= OF_STANDARDS.get(path.relative_to(SOURCE).as_posix(), set())
    assert words & _domain() - allowed == set()
    assert open_workspace(ROOT).general.base not in text
    assert not re.search(r"\bjk(sh)?:", text)


def test_every_generic_word_is_a_word_of_this_domain() -> None:
    generic = {word for words in GENERIC.values() for word in words.split()}

    assert generic - _domain() == set()


@pytest.mark.parametrize("module", ["iri", "lexical", "plain", "site.forms", "snippets", "sparql"])
def test_examples_in_docstrings_are_true(module: str) -> None:
    failed, tried = doctest.testmod(import_module(f"jkgraph.{module}"))

    assert failed == 0
    assert tried > 0


def test_the_help_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "jkgraph", "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "jkgraph.cli" in loaded
    # The words of the help are the one thing that it cannot do without.
    heavy = {"jinja2", "owlrl", "pyoxigraph", "pyshacl", "rdflib", "rich", "shacl"}
    assert loaded & heavy == set()
