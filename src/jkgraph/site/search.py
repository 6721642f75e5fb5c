"""The search index of a site, made by Pagefind from what a reader may look for.

Not the pages are indexed but a short document for each record: its names, the words that
readers search for, the parts of compound words, and what it is. It stands at the address of
the page. Of very many, each kind has an index of its own.
"""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from html import escape
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import is_withdrawn
from jkgraph.site.contents import alphabetic
from jkgraph.site.maker import Views
from jkgraph.site.plan import Page, Plan
from jkgraph.site.views import Resource

FOLDER = "pagefind"
# What Pagefind writes for its own interface, which this site does not use.
UNUSED = ("*-ui.*", "*-highlight.*")
# What Pagefind reads before the first answer, and the time of one to a common word, grow with
# the number of documents.
MOST = 20_000
# What is no record: the values of all lists are searched together.
VALUES = "value"
SHORTEST = 4
MARK = "q0"
LONGEST = 160
DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}">
{shown}
<body data-pagefind-body>
<h1 data-pagefind-weight="8">{name}</h1>
<p data-pagefind-weight="6">{others}</p>
<p>{text}</p>
<p data-pagefind-weight="0.5">{parts}</p>
</body>
</html>
"""
WORD = re.compile(r"[^\W\d_]{2,}")
# Letters that Dutch and its neighbours put between the parts of a compound.
BETWEEN = ("", "s", "e", "en", "er")


def can_index() -> bool:
    """Tell whether the indexer is installed."""
    return find_spec("pagefind_bin") is not None


def number_of_documents(plan: Plan) -> int:
    """Return how many documents are indexed at most."""
    return sum(isinstance(page.about, ox.NamedNode) for page in plan.pages)


def write_index(by_language: Mapping[str, Views], folder: Path, done: Callable[[int], None]) -> int:
    """Write the search index into the folder of a site, and return the number of its files.

    ``done`` is told how many documents are indexed; one that waits for the indexer is half so.
    Raises JkgraphError when the indexer fails.
    """
    found = {lang: Documents(views) for lang, views in by_language.items()}
    ready = 0
    for part in sorted({part for documents in found.values() for part in documents.parts}):
        target = folder / FOLDER / part
        with TemporaryDirectory() as name:
            written = 0
            for documents in found.values():
                written += documents.write(Path(name), part)
                done(ready + written // 2)
            _run(Path(name), target)
        ready += written
        done(ready)
        for lang, documents in found.items():
            words = json.dumps(documents.words(part), ensure_ascii=False, separators=(",", ":"))
            (target / f"words.{lang}.json").write_text(words, "utf-8")
    return sum(1 for file in (folder / FOLDER).rglob("*") if file.is_file())


def choices(views: Views) -> list[tuple[str, str]]:
    """Return what is searched by itself, with its name; nothing where all is searched at once."""
    kinds = {kind.name: kind.plural or kind.label for kind in views.plan.kinds.records}
    others = views.say("search.values")
    names = {
        part: views.word(kinds.get(part, {}), others) for part in Documents(views).parts if part
    }
    return sorted(names.items(), key=lambda choice: alphabetic(choice[1]))


class Documents:
    """What is indexed in one language."""

    def __init__(self, views: Views) -> None:
        self._plan, self._views = views.plan, views

    def write(self, folder: Path, part: str) -> int:
        """Write the document of every page of a part that has one; return how many."""
        pages = self.parts.get(part, [])
        for page in pages:
            path = folder / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._document(self._records[page.path]), "utf-8")
        return len(pages)

    @cached_property
    def _pages(self) -> list[Page]:
        """The pages of records and list values, without those of withdrawn records."""
        return [
            page
            for page in self._plan.pages
            if page.language == self._views.language
            and isinstance(page.about, ox.NamedNode)
            and not is_withdrawn(self._plan.graph, page.about)
        ]

    @cached_property
    def parts(self) -> Mapping[str, list[Page]]:
        """The pages by the folder of their index: all in one, or of very many each kind."""
        if len(self._pages) <= MOST:
            return {"": self._pages}
        kinds = {kind.name for kind in self._plan.kinds.records}
        found: dict[str, list[Page]] = {}
        for page in self._pages:
            folder = self._plan.paths[page.topic].partition("/")[0]
            found.setdefault(folder if folder in kinds else VALUES, []).append(page)
        return found

    @cached_property
    def _records(self) -> Mapping[str, Resource]:
        """What each page is about, by its address."""
        return {page.path: self._views.resource(ox.NamedNode(page.topic)) for page in self._pages}

    def words(self, part: str) -> list[str]:
        """Return the words of a part, to find the nearest when a word is nowhere in it."""
        records = [self._records[page.path] for page in self.parts.get(part, ())]
        texts = (text for record in records for text in (*_names(record), _summary(record)))
        return sorted({word for text in texts for word in _words(text)})

    @cached_property
    def _named(self) -> frozenset[str]:
        names = (name for record in self._records.values() for name in _names(record))
        return frozenset(word for name in names for word in _words(name))

    def _document(self, record: Resource) -> str:
        names = _names(record)
        parts = (part for name in names for w in _words(name) for part in self._parts.get(w, ()))
        # A whole name as one word brings who types just that name first to what is called so.
        whole = (f"{MARK}{folded}{MARK}" for folded in map(_folded, names) if folded)
        shown = {"kind": record.kind_name, "text": _shortened(_summary(record))}
        return DOCUMENT.format(
            lang=self._views.language,
            shown="".join(
                f'<meta data-pagefind-meta="{name}[content]" content="{escape(text)}">'
                for name, text in shown.items()
            ),
            name=escape(names[0]),
            others=escape("; ".join(names[1:])),
            text=escape(_summary(record)),
            parts=escape(" ".join(dict.fromkeys((*parts, *whole)))),
        )

    @cached_property
    def _parts(self) -> Mapping[str, tuple[str, ...]]:
        """The parts of each compound word, where both are words of some name."""
        found = ((word, tuple(_split(word, self._named))) for word in self._named)
        return {word: parts for word, parts in found if parts}


def _names(record: Resource) -> list[str]:
    return [text.text for text in (record.label, *record.alternatives, *record.sought)]


def _folded(name: str) -> str:
    """Return a name as the search page folds what is typed: letters and digits, no accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", plain)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0].rstrip(",;:") + " …"


def _summary(record: Resource) -> str:
    return str(record.summary or "")


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in WORD.findall(text))


def _split(word: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the two parts of a compound, each time that it can be cut into known words."""
    for at in range(SHORTEST, len(word) - SHORTEST + 1):
        head, tail = word[:at], word[at:]
        if tail in known and any(head.removesuffix(ending) in known for ending in BETWEEN):
            yield from (head, tail)


def _run(source: Path, target: Path) -> None:
    import pagefind_bin

    command = [str(pagefind_bin.get_executable()), "--site", str(source), "--output-path"]
    done = subprocess.run(  # noqa: S603  (the program of the package, with folders of our own)
        [*command, str(target), "--silent"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise JkgraphError("search-index", reason=(done.stderr or done.stdout).strip())
    for pattern in UNUSED:
        for file in target.glob(pattern):
            file.unlink()
    entry = target / "pagefind-entry.json"
    # Pagefind writes the languages in any order.
    entry.write_text(json.dumps(json.loads(entry.read_text("utf-8")), sort_keys=True), "utf-8")
