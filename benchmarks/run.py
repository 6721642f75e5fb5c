"""Measures the engine beside the plain way of doing the same, and prints ratios.

`make bench` runs this, `make bench-full` with `--full --store`, `make bench-huge` with `--huge
--store`. `--full` adds 10,000 generated records; `--huge` takes these and 100,000, and measures
what does not take hours. `--only` names the rows wanted by the start of their names.
Nothing here fails for being slow.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib.metadata import requires
from math import log10
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import click
import results
from generate import copy, generate, plant
from inside import LONGEST
from measure import PYTHON, Ran, Side, beside, jkgraph, race, run, script
from packaging.requirements import Requirement
from sites import generators

from jkgraph.workspace import open_workspace

REAL = Path(__file__).parent.parent
FULL, HUGE = 10_000, 100_000
MISTAKES = 10
# Pairs with a program that takes long.
LEAST = 3
COLD = Path(__file__).parent / "queries" / "count.rq"
TITLES = ("what", "records", "jkgraph", "the other", "ratio", "same?")

EXPLAINED = """
validate   the whole command, which also checks words, links and rules, against a script that
           loads the same files with rdflib and runs pySHACL; ten mistakes are planted in both
help       the whole command against an interpreter that imports click, and one that does nothing
query      the whole command from files, inference included, against rdflib's command on the same
           files, without inference; once more, from the graph that was kept, against the command
           of the store itself on the same triples, loaded before, and a bare Python script that
           opens the kept graph; and against Jena's arq and Comunica, where they are installed,
           which read one file with all that follows in it
queries    asking in a running process, everything loaded and closed, against rdflib with the same
           triples: the median of the ratios of all queries, and the smallest of them
infer      making and running the compiled rules in a running process, against owlrl alone
build      the whole command, without search index, against its floor: reading the same files,
           rendering the same pages with Jinja from prepared values, writing the same bytes
index      the search index of that site against the bare Pagefind on all its pages, in one process
sites      that build against site generators of others, which read the same records as concepts
           (SKOS); the last cell tells what each side writes
preview    from a record that was saved to its page, in the running preview that follows the
           files, against the whole command that builds the site
weight     the bytes of the record page of median size, and of all files that a first visit loads;
           the packages that come along when it is installed, and the bytes of its own
growth     how time and memory of one command grow when the records become ten times as many, also
           as a power of their number: 1 is in proportion
"""


@dataclass(frozen=True)
class Row:
    """One comparison: two times in seconds, and whether both sides came to the same."""

    what: str
    records: str
    ours: float | None
    other: float | None
    same: str = ""
    ratio: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        ratio = self.ratio or (f"{self.other / self.ours:.1f}x" if self.ours and self.other else "")
        return self.what, self.records, _time(self.ours), _time(self.other), ratio, self.same


Step = tuple[str, Callable[[], Iterator[Row]]]


class Bench:
    """The workspaces that are measured, each made when it is first needed, and the rows."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        self.folder, self._keeps = folder, keeps
        self._builds: dict[Path, Side] = {}

    def workspace(self, number: int = 0, *, mistakes: int = 0) -> Path:
        """Return a workspace of so many generated records; of the real ones for none."""
        root = self.folder / f"{number or 'real'}{'-wrong' * bool(mistakes)}"
        if not root.exists():
            click.echo(f"… making {root.name}", err=True)
            if number:
                generate(REAL, root, number)
            else:
                copy(REAL, root, "data")
            if mistakes:
                plant(root, mistakes)
            # The axioms of an ontology are closed once and kept.
            run(jkgraph(root, "stats"))
        return root

    @cached_property
    def real(self) -> str:
        """How many real records there are."""
        return f"{len(list((REAL / 'data').glob('*/*.ttl')))} real"

    def name(self, number: int) -> str:
        """Name a size."""
        return f"{number:,}" if number else self.real

    def validate(self, number: int) -> Iterator[Row]:
        """Compare checking records with pySHACL."""
        root = self.workspace(number, mistakes=MISTAKES)
        peer = script("peers", "validate", root)
        commands = {"ours": jkgraph(root, "validate"), "other": peer}
        # At the largest size one run of the other side takes minutes.
        sides = race(commands, least=1 if number == FULL else LEAST, fails=True)
        told = run(jkgraph(root, "validate", "--format", "json"), fails=True).data
        ours = sum(found["rule"] in self._shapes for found in told)
        same = _same(ours, int(sides["other"].out), "results")
        yield _compared("validate, against pySHACL", self.name(number), sides, same)

    @cached_property
    def _shapes(self) -> set[str]:
        texts = (path.read_text("utf-8") for path in (REAL / "shapes").glob("*.ttl"))
        return {name for text in texts for name in re.findall(r"^\w+:(\S+) a sh:", text, re.M)}

    def help(self) -> Iterator[Row]:
        """Compare starting the command with starting Python."""
        commands = {
            "ours": jkgraph(REAL, "--help"),
            "click": [PYTHON, "-c", "import click"],
            "python": [PYTHON, "-c", ""],
        }
        sides = race(commands, times=15)
        for name, words in (("click", "an import of click"), ("python", "a bare Python")):
            both = {"ours": sides["ours"], "other": sides[name]}
            yield _compared(f"help, against {words}", "", both)

    def query(self, number: int) -> Iterator[Row]:
        """Compare a whole command that asks one question with rdflib's and the store's own."""
        root = self.workspace(number)
        text = self._standalone(root)
        ours = jkgraph(root, "query", COLD, "--format", "csv")
        files = [*root.glob("ontology/**/*.ttl"), *root.glob("data/*/*.ttl")]
        theirs = [beside("sparqlquery"), *map(str, files), "-qf", str(text), "-f", "csv"]
        sides = race({"ours": ours, "other": theirs}, before=lambda: forget(root))
        yield self._asked("query from files, against sparqlquery", number, sides)
        theirs = [beside("oxigraph"), "query", "--location", str(self._loaded(root))]
        theirs += ["--union-default-graph", "--query-file", str(text), "--results-format", "csv"]
        # What was made this very moment is not kept yet.
        time.sleep(3)
        bare = script(
            "bare", root, max(kept_graphs(root), key=lambda kept: kept.stat().st_mtime), text
        )
        sides = race({"ours": ours, "other": theirs, "bare": bare}, times=15)
        yield self._asked("query once more, against oxigraph", number, sides)
        of_python = {"ours": sides["ours"], "other": sides["bare"]}
        yield self._asked("query once more, against a bare script", number, of_python)
        for name, theirs in self._programs(root, text):
            what = f"query from files, against {name}"
            if shutil.which(name):
                both = {"ours": ours, "other": theirs}
                sides = race(both, before=lambda: forget(root), least=LEAST)
                row = self._asked(what, number, sides)
                yield self._kept(name, number, row, sides, _told_version(name))
            else:
                yield self._remembered(name, number, what)

    def _programs(self, root: Path, text: Path) -> Iterator[tuple[str, list[str]]]:
        """Yield the programs of others that ask a file, which holds what follows as well."""
        triples = str(self.folder / f"{root.name}.nt")
        yield "arq", ["arq", "--data", triples, "--query", str(text), "--results", "CSV"]
        yield (
            "comunica-sparql-file",
            ["comunica-sparql-file", triples, "--file", str(text), "--outputType", "text/csv"],
        )

    def _asked(self, what: str, number: int, sides: dict[str, Side]) -> Row:
        rows = [len(sides[name].out.split()) for name in ("ours", "other")]
        return _compared(what, self.name(number), sides, _same(*rows, "rows"))

    def _standalone(self, root: Path) -> Path:
        """Write the question with its prefixes, as other programs need it."""
        prefix = f"PREFIX jk: <{open_workspace(root).prefixes['jk']}>\n"
        path = self.folder / "standalone.rq"
        path.write_text(prefix + COLD.read_text("utf-8"), "utf-8")
        return path

    def _loaded(self, root: Path) -> Path:
        """Load what is asked in a store of the other program."""
        triples, store = self.folder / f"{root.name}.nt", self.folder / f"{root.name}-store"
        if not store.exists():
            run(script("inside", "triples", root, triples))
            load = ["load", "--location", str(store), "--file", str(triples)]
            run([beside("oxigraph"), *load])
            run([beside("oxigraph"), "optimize", "--location", str(store)])
        return store

    def queries(self, number: int) -> Iterator[Row]:
        """Compare all queries in a running process."""
        root = self.workspace(number)
        triples = self.folder / f"{root.name}.nt"
        run(script("inside", "triples", root, triples))
        folders = {"typical": COLD.parent, "saved": root / "queries"}
        if number >= HUGE:
            # Of so many records another program would need hours for all.
            del folders["saved"]
        ours = run(script("inside", "engine", root, *folders.values())).data
        other = run(script("inside", "plain", triples, *folders.values())).data
        for kind, folder in folders.items():
            names = [name for name in ours if Path(name).parent == folder]
            if names:
                yield self._queries(f"{len(names)} {kind} queries", number, names, ours, other)

    def _queries(self, what: str, number: int, names: list[str], ours: Any, other: Any) -> Row:
        ratios = {name: other[name][0] / ours[name][0] for name in names}
        least = min(ratios, key=ratios.__getitem__)
        finished = [name for name in names if other[name][1] >= 0]
        same = sum(ours[name][1] == other[name][1] for name in finished)
        stopped = len(names) - len(finished)
        return Row(
            what,
            self.name(number),
            median(ours[name][0] for name in names),
            median(other[name][0] for name in names),
            f"{same} of {len(finished)}" + f", {stopped} stopped at {LONGEST} s" * bool(stopped),
            f"{median(ratios.values()):.0f}x, least {ratios[least]:.1f}x ({Path(least).name})",
        )

    def infer(self, number: int, *, with_owlrl: bool = True) -> Iterator[Row]:
        """Compare the compiled rules with owlrl."""
        root = self.workspace(number)
        found = [run(script("inside", "closure", root)).data for _ in range(5)]
        ours = median(f["seconds"] for f in found)
        if with_owlrl:
            other = run(script("inside", "owlrl", root)).data
            same = _same(found[0]["number"], other["number"], "triples")
            yield Row("infer, against owlrl", self.name(number), ours, other["seconds"], same)
        else:
            yield Row("infer", self.name(number), ours, None, f"{found[0]['number']:,} triples")

    def build(self, number: int) -> Iterator[Row]:
        """Compare a build with what it cannot do without."""
        root, site, ours = self._built(number)
        floor = run(script("floor", root, site)).data
        steps = {name: floor[name] for name in ("reading", "rendering", "writing")}
        told = ", ".join(f"{name} {_time(seconds)}" for name, seconds in steps.items())
        yield Row(
            "build, against its floor",
            self.name(number),
            ours.seconds,
            sum(steps.values()),
            f"{floor['pages']:,} pages, {_time(ours.seconds / floor['pages'])} each; {told}",
            f"{ours.seconds / sum(steps.values()):.1f} times the floor",
        )

    def preview(self, number: int) -> Iterator[Row]:
        """Compare the running preview after one changed record with a build."""
        root, site, built = self._built(number)
        preview = run(script("inside", "preview", root, site)).data
        yield Row(
            "preview of a changed record, against that build",
            self.name(number),
            preview["seconds"],
            built.seconds,
            "page as built" if preview["same"] else "NO: another page",
            f"{preview['seconds'] / built.seconds:.1%} of the build",
        )

    def _built(self, number: int) -> tuple[Path, Path, Side]:
        """Build the site of a workspace, once for all that compare with it."""
        root = self.workspace(number)
        site = self.folder / f"{root.name}-site"
        if root not in self._builds:
            build = {"ours": jkgraph(root, "build", "--no-search", "--out", site)}
            self._builds[root] = race(build, times=3, before=lambda: put_away(site))["ours"]
        return root, site, self._builds[root]

    def index(self, number: int) -> Iterator[Row]:
        """Compare the search index with what Pagefind makes of all pages."""
        root, site, _ = self._built(number)
        found = run(script("inside", "index", root, site)).data
        sides = {
            name: Side(tuple(Ran(s, 0, "") for s in found[name])) for name in ("ours", "other")
        }
        told = f"{found['documents']:,} short documents; all {found['pages']:,} pages"
        yield _compared("search index, against Pagefind", self.name(number), sides, told)

    def sites(self, number: int) -> Iterator[Row]:
        """Compare a build with those of other generators."""
        root, site, _ = self._built(number)
        fresh = self.folder / f"{root.name}-fresh"
        concepts = self.folder / f"{root.name}.skos.ttl"
        run(script("inside", "skos", root, concepts))
        for generator in generators():
            what = f"build, against {generator.name}"
            if not generator.place:
                yield self._remembered(generator.name, number, what)
                continue
            with generator.prepare(generator.place, concepts, self.folder) as ready:
                ours = jkgraph(root, "build", "--no-search", "--out", fresh)
                commands = {"ours": ours, "other": ready.command}
                sides = race(commands, least=LEAST, times=LEAST, before=lambda: put_away(fresh))
                told = f"{_files(site)}; {generator.name} {ready.writes}, {_files(ready.made)}"
                told += "; computing " + " and ".join(_time(s.computing) for s in sides.values())
            row = _compared(what, self.name(number), sides, told)
            yield self._kept(generator.name, number, row, sides, ready.version)

    def _kept(
        self, name: str, number: int, row: Row, sides: Mapping[str, Side], version: str
    ) -> Row:
        """Keep what was measured of a program that is seldom installed, when asked."""
        if self._keeps:
            kept = {
                fact: {k: [round(getattr(r, fact), 2) for r in s.runs] for k, s in sides.items()}
                for fact in ("seconds", "computing", "megabytes")
            }
            facts = {"peer": name, "version": version, "row": asdict(row), **kept}
            results.keep_peer(_slug(name, number), facts)
        return row

    def _remembered(self, name: str, number: int, what: str) -> Row:
        """Tell what was measured before, as such."""
        kept = results.kept_peer(_slug(name, number))
        if kept is None:
            return Row(what, self.name(number), None, None, "not on this machine")
        row = Row(**kept["row"])
        told = f"measured on {kept['date']}, not now: {kept['version']}, {kept['machine']}"
        return replace(row, same="; ".join(filter(None, (told, row.same))))

    def weight(self) -> Iterator[Row]:
        """Weigh the record page in the middle, and all that its first visit asks for."""
        site = self.folder / "weight"
        run(jkgraph(REAL, "build", "--out", site))
        kinds = [folder.name for folder in (REAL / "data").iterdir()]
        pages = [p for kind in kinds for p in (site / kind).glob("*.html") if p.stem != "index"]
        middle = sorted(pages, key=lambda p: p.stat().st_size)[len(pages) // 2]
        asked = re.findall(
            r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]* (?:href|src)="([^"]+)"',
            middle.read_text("utf-8"),
        )
        files = [middle, *((middle.parent / name).resolve() for name in asked)]
        packed = sum(len(gzip.compress(path.read_bytes())) for path in files)
        yield Row(
            "page of a record", self.real, None, None, _bytes(middle.stat().st_size), "median"
        )
        told = f"{_bytes(sum(p.stat().st_size for p in files))}, packed {_bytes(packed)}"
        yield Row("first visit of that page", self.real, None, None, told, f"{len(files)} files")
        direct, every = _dependencies()
        told = f"{direct} named, {every} with what they need"
        yield Row("packages that an install brings", "", None, None, told)
        wheel = [PYTHON, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation"]
        run([*wheel, "--wheel-dir", str(self.folder), str(REAL)])
        packed = next(self.folder.glob("jkgraph-*.whl")).stat().st_size
        yield Row("wheel", "", None, None, _bytes(packed))

    def growth(self, few: int, many: int) -> Iterator[Row]:
        """Compare commands on many records with the same on a tenth of these."""
        for name in ("validate", "infer", "query", "build"):
            less, more = self._grown(name, few), self._grown(name, many)
            told = f"{more.megabytes:.0f} MB, {_power(more.megabytes / less.megabytes)}"
            if more.together > more.megabytes:
                told += f"; all processes {more.together:.0f} MB"
            what = f"growth of {name}, against a tenth of the records"
            ratio = _power(more.seconds / less.seconds)
            yield Row(what, self.name(many), more.seconds, less.seconds, told, ratio)

    def _grown(self, name: str, number: int) -> Ran:
        root, site = self.workspace(number), self.folder / "growth"
        forget(root)
        put_away(site)
        commands = {
            "validate": jkgraph(root, "validate"),
            # What follows is not printed: that much text would be counted as memory of the next.
            "infer": script("inside", "closure", root),
            "query": jkgraph(root, "query", COLD),
            "build": jkgraph(root, "build", "--no-search", "--out", site),
        }
        return run(commands[name], fails=True, watched=True)


def _compared(what: str, records: str, sides: Mapping[str, Side], same: str = "") -> Row:
    """Compare runs pair by pair: the median of the ratios, the smallest and the largest.

    The last run of a side that ran fewer times stands against all further ones of the other.
    """
    ours, other = sides["ours"], sides["other"]
    least, most = sorted((len(ours.runs), len(other.runs)))
    pairs = zip(ours.padded(most), other.padded(most), strict=True)
    ratios = sorted(theirs.seconds / own.seconds for own, theirs in pairs)
    times = "x"
    if median(ratios) < 1:
        ratios, times = sorted(1 / ratio for ratio in ratios), " times as long"
    runs = f"{most} pairs" if least == most else f"{most} runs with {least}"
    told = f"{median(ratios):.1f}{times} ({ratios[0]:.1f}–{ratios[-1]:.1f}, {runs})"
    return Row(what, records, ours.seconds, other.seconds, same, told)


def _power(ratio: float) -> str:
    """Tell how much more ten times as many take, also as a power of the number of records."""
    return f"{ratio:.1f} times (power {log10(ratio):.2f})"


def put_away(folder: Path) -> None:
    """Move a site away, so that the next build finds none of its files; deleting slows a disk."""
    if folder.exists():
        folder.rename(Path(tempfile.mkdtemp(dir=folder.parent)) / folder.name)


def forget(root: Path) -> None:
    """Delete the graphs that were kept; the axioms of an ontology are closed once and kept."""
    for kept in kept_graphs(root):
        shutil.rmtree(kept)


def kept_graphs(root: Path) -> Iterator[Path]:
    """Yield the folders of the graphs that were kept."""
    return (root / "build" / "cache").glob("closed-*")


def _slug(name: str, number: int) -> str:
    return f"{name.lower()}-{number or 'real'}"


def _told_version(name: str) -> str:
    """Return the first line with a number of what a program tells of its version."""
    # Comunica tells it and says that it failed.
    lines = run([name, "--version"], fails=True).out.splitlines()
    return next((line.strip() for line in lines if any(map(str.isdigit, line))), "")


def _files(made: Path) -> str:
    """Count the files of a site."""
    files = [made] if made.is_file() else [path for path in made.rglob("*") if path.is_file()]
    return f"{len(files):,} files of {sum(f.stat().st_size for f in files) / 1e6:.1f} MB"


def _dependencies() -> tuple[int, int]:
    """Count the packages that an install without extras names, and all that come along."""
    named = tomllib.loads((REAL / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    found: set[str] = set()
    asked = [*named]
    while asked:
        need = Requirement(asked.pop())
        name = need.name.lower().replace("_", "-")
        if name not in found and (not need.marker or need.marker.evaluate({"extra": ""})):
            found.add(name)
            asked += requires(name) or []
    return len(named), len(found)


def _same(ours: int, other: int, what: str) -> str:
    return f"{ours:,} {what}" if ours == other else f"NO: {ours:,} and {other:,} {what}"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _bytes(number: int) -> str:
    return f"{number / 1000:.1f} kB"


def plan(bench: Bench, numbers: list[int]) -> Iterator[Step]:
    """Yield what is to be measured, by name, the smallest first."""
    yield "help", bench.help
    yield "weight", bench.weight
    for number in numbers:
        yield "validate", lambda number=number: bench.validate(number)
        yield "query", lambda number=number: bench.query(number)
        if number != FULL // 10:
            yield "queries", lambda number=number: bench.queries(number)
        with_owlrl = number < FULL
        yield "infer", lambda number=number, o=with_owlrl: bench.infer(number, with_owlrl=o)
        yield "build", lambda number=number: bench.build(number)
        yield "preview", lambda number=number: bench.preview(number)
        yield "index", lambda number=number: bench.index(number)
        if number == FULL // 10:
            yield "sites", lambda number=number: bench.sites(number)
    if FULL in numbers:
        yield "growth", lambda: bench.growth(FULL // 10, FULL)


def huge(bench: Bench) -> Iterator[Step]:
    """Yield what is measured with very many records."""
    yield "queries", lambda: bench.queries(HUGE)
    yield "growth", lambda: bench.growth(FULL, HUGE)


def chosen(steps: list[Step], only: str) -> list[Step]:
    """Return the steps that are wanted by the start of their names; stop when there is none."""
    wanted = [step for step in steps if step[0].startswith(tuple(only.split(",")))]
    if not wanted:
        names = ", ".join(dict.fromkeys(name for name, _ in steps))
        raise click.BadParameter(f"choose from {names}", param_hint="--only")
    return wanted


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="jkgraph-bench-") as folder:
        yield Path(folder)


@click.command(help=__doc__)
@click.option("--full", is_flag=True, help="Measure 10,000 generated records too.")
@click.option("--huge", "is_huge", is_flag=True, help="Measure 100,000 generated records instead.")
@click.option("--only", default="", metavar="NAMES", help="Measure these, such as validate,build.")
@click.option("--keep", type=click.Path(path_type=Path), help="Make the workspaces here, and keep.")
@click.option("--store", is_flag=True, help="Keep the rows in results/ and the documentation.")
def main(full: bool, is_huge: bool, only: str, keep: Path | None, store: bool) -> None:
    """Measure, and print the table."""
    numbers = [0, FULL // 10, *([FULL] if full else [])]
    rows = []
    start = perf_counter()
    with _folder(keep) as folder:
        bench = Bench(folder, keeps=store)
        steps = huge(bench) if is_huge else plan(bench, numbers)
        for _, measure in chosen(list(steps), only):
            for row in measure():
                click.echo("  ".join(filter(None, row.cells)), err=True)
                rows.append(row)
    click.echo(_table([TITLES, *(row.cells for row in rows)]))
    click.echo(EXPLAINED)
    click.echo(f"{perf_counter() - start:.0f} s", err=True)
    if store and not only:
        size = "huge" if is_huge else "full" if full else "quick"
        results.keep(size, TITLES, [row.cells for row in rows])


def _table(lines: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    drawn = [
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) for line in lines
    ]
    return "\n".join(line.rstrip() for line in [drawn[0], "─" * len(drawn[0]), *drawn[1:]])


if __name__ == "__main__":
    main()
