"""The folder that the engine works on: found, and its paths named.

Only this module knows the names of the folders of a workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jkgraph.configuration import read_settings
from jkgraph.errors import JkgraphError, unreadable
from jkgraph.iri import Addresses
from jkgraph.messages import Catalogue
from jkgraph.settings import STANDARD_PREFIXES, Settings

FILE = "jkgraph.toml"
BUNDLED = Path(__file__).parent
# What the engine brings along of others, and where it is from.
VENDORED = BUNDLED / "templates" / "static" / "vendor" / "manifest.toml"


class _Words(Catalogue):
    """The words of a workspace; files that cannot be read are an error."""

    def _entries(self, language: str) -> dict[str, str]:
        try:
            return super()._entries(language)
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(f"{language}.po", error) from error


@dataclass(frozen=True)
class Workspace(Settings):
    """A workspace on disk: its settings and the absolute paths of its folders."""

    root: Path

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the readers, the leading one first."""
        return self.general.languages

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses of the workspace, without the prefixes of its kinds."""
        return Addresses(self.general.base, {**STANDARD_PREFIXES, **self.prefixes})

    @cached_property
    def catalogue(self) -> Catalogue:
        """The words of the interface: the engine's, then the workspace's own."""
        return _Words((BUNDLED / "locale", self.words), self.languages)

    @property
    def words(self) -> Path:
        """The folder with the workspace's own words of the interface."""
        return self.root / "locale"

    @property
    def ontology(self) -> Path:
        """The folder with the ontology."""
        return self.root / "ontology"

    @property
    def schemes(self) -> Path:
        """The folder with the closed lists."""
        return self.ontology / "schemes"

    @property
    def shapes(self) -> Path:
        """The folder with the shapes."""
        return self.root / "shapes"

    @property
    def rules(self) -> Path:
        """The folder with the whole-graph rules."""
        return self.shapes / "rules"

    @property
    def export_shapes(self) -> Path:
        """The folder with the shapes of published files, each by the name of its file."""
        return self.shapes / "exports"

    @property
    def data(self) -> Path:
        """The folder with the records, one folder a kind."""
        return self.root / "data"

    @property
    def queries(self) -> Path:
        """The folder with the saved queries."""
        return self.root / "queries"

    @property
    def exports(self) -> Path:
        """The folder with the queries whose results are published as files of their own."""
        return self.queries / "exports"

    @property
    def documents(self) -> Path:
        """The folder with the documentation."""
        return self.root / "docs"

    @property
    def reference(self) -> Path:
        """The folder with the generated reference."""
        return self.documents / "reference"

    @property
    def picture(self) -> tuple[Path, Path]:
        """The file that says where things stand in the picture of the model, and the picture."""
        layout = self.documents / "explanation" / "data-model.toml"
        return layout, self.templates[0] / "static" / "data-model.svg"

    @property
    def snippets(self) -> Path:
        """The file with snippets, where VS Code looks for it."""
        return self.root / ".vscode" / "records.code-snippets"

    @property
    def record_form(self) -> Path:
        """The form to propose a record with, to be copied to where a forge looks for it."""
        return self.documents / "forge" / "github" / "ISSUE_TEMPLATE" / "record.yml"

    @property
    def build(self) -> Path:
        """The folder that the site is built in."""
        return self.root / "build" / "site"

    @property
    def preview(self) -> Path:
        """The folder that a preview of the site is built in."""
        return self.root / "build" / "preview"

    @property
    def changelog(self) -> Path:
        """The file that tells what is new in each release."""
        return self.root / "CHANGELOG.md"

    @property
    def requirements(self) -> Path:
        """The file that pins the packages that everything is made with."""
        return self.root / "requirements.lock"

    @property
    def releases(self) -> Path:
        """The folder with what is kept of every release, one folder a version."""
        return self.root / "releases"

    @property
    def made(self) -> Path:
        """The folder that releases are made in, one folder a version."""
        return self.root / "build" / "release"

    @property
    def lock(self) -> Path:
        """The file that is held while records are changed."""
        return self.root / ".jkgraph-lock"

    @property
    def unfinished(self) -> Path:
        """The file that tells how to take back a change of records that was broken off."""
        return self.root / ".jkgraph-unfinished"

    @property
    def cache(self) -> Path:
        """The folder with what can be made again, and may be deleted."""
        return self.root / "build" / "cache"

    @property
    def templates(self) -> tuple[Path, ...]:
        """The folders with templates, the most specific first."""
        return self.root / "site_templates", BUNDLED / "templates"

    @property
    def sources(self) -> tuple[Path, ...]:
        """The file and the folders that a site is made from."""
        folders = (self.ontology, self.shapes, self.data, self.queries, self.words)
        return (self.root / FILE, *folders, *self.templates)

    def choose(self, texts: Mapping[str, str], language: str) -> str:
        """Return a text in a language, else in the leading one that has it, else any; or none."""
        for lang in (language, *self.languages, *texts):
            if lang in texts:
                return texts[lang]
        return ""

    def relative(self, path: Path) -> str:
        """Write a path from the root of the workspace, with forward slashes."""
        # Much faster than Path.relative_to, for something that is asked about every file.
        text = path.as_posix()
        if text.startswith(self._start):
            return text[len(self._start) :]
        return path.relative_to(self.root).as_posix()

    @cached_property
    def _start(self) -> str:
        return f"{self.root.as_posix().rstrip('/')}/"

    def record_path(self, folder: str, slug: str) -> Path:
        """Return the file in which a record lives."""
        return self.data / folder / f"{slug}.ttl"


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above a place that holds a ``jkgraph.toml``."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise JkgraphError("no-workspace", folder=start, file=FILE)


def open_workspace(root: Path) -> Workspace:
    """Open the workspace in a folder; one without settings, or with wrong ones, is an error."""
    path = root / FILE
    if not path.is_file():
        raise JkgraphError("no-workspace", folder=root, file=FILE)
    return Workspace(**vars(read_settings(path)), root=root.resolve())
