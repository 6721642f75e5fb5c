"""The endpoint with its real processes: as rich as `query`, and stopped where it asks too much."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pyoxigraph as ox
import pytest

from jkgraph.graph import Graph
from jkgraph.loading import load
from jkgraph.queries import saved_queries, saved_query, solutions
from jkgraph.site.answering import Bounds, Question, Refused
from jkgraph.site.endpoint import Endpoint, Request
from jkgraph.site.negotiation import ANSWERS, MEDIA
from jkgraph.site.workers import Workers
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
JOIN = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
PATH = "?a (!<urn:x>|^!<urn:x>)+ ?b . ?b (!<urn:x>|^!<urn:x>)+ ?c . ?c (!<urn:x>|^!<urn:x>)+ ?d"
EXPLODING = {
    "counted join": f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}",
    "sorted join": f"SELECT * {{ {JOIN} }} ORDER BY ?a ?l",
    "distinct join": f"SELECT DISTINCT ?a ?d ?g ?j ?l {{ {JOIN} }} ORDER BY ?a",
    "constructed join": f"CONSTRUCT {{ ?a ?e ?i }} {{ {JOIN} }}",
    "deep paths": f"SELECT (COUNT(*) AS ?n) {{ {PATH} }}",
    "sorted paths": f"SELECT DISTINCT * {{ {PATH} }} ORDER BY ?d",
    "long text": f"SELECT (GROUP_CONCAT(STR(?b)) AS ?x) {{ {JOIN} }}",
    "regular expression": 'ASK { ?a ?b ?c FILTER REGEX(STR(?a), "(((a{1,999}){1,999}){1,999})") }',
    "nested braces": f"SELECT * {'{' * 45_000}{'}' * 45_000}",
    "nested brackets": f"SELECT ({'(' * 45_000}1{')' * 45_000} AS ?x) {{}}",
}
# As long as the others, with next to no memory: it is the time that stops it, on any machine.
DIGITS = (f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefghijkl")
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(DIGITS)} }}"
BOUNDS = Bounds(seconds=4, memory=400, at_once=2, patience=0.5)


@pytest.fixture(scope="module")
def workers(closed: Graph) -> Iterator[Workers]:
    with Workers(closed, BOUNDS) as workers:
        for _ in range(BOUNDS.at_once):
            ask(workers, COUNT)
        yield workers


def ask(workers: Workers, text: str) -> object:
    return json.loads(workers.answer(Question(text, "*/*")).content)


@pytest.mark.parametrize("kind", EXPLODING)
def test_a_question_that_explodes_is_stopped_within_bounds(workers: Workers, kind: str) -> None:
    most = 0
    with ThreadPoolExecutor() as side:
        since = time.monotonic()
        asked = side.submit(ask, workers, EXPLODING[kind])
        while not asked.done():
            most = max(most, _memory())
            time.sleep(0.02)
        with pytest.raises(Refused) as refused:
            asked.result()
    took = time.monotonic() - since

    told = workers._graph.workspace.catalogue.say(refused.value.message, "en")
    assert refused.value.status in {400, 500}
    assert told[0].isupper() or told.startswith("query:")
    assert "{" not in told
    assert took < BOUNDS.seconds + 3
    assert most < BOUNDS.memory * 1_000_000 * 1.5
    assert ask(workers, COUNT)["results"]["bindings"]


def _memory() -> int:
    """Return the memory of the largest process that was started here."""
    most = 0
    for child in psutil.Process().children():
        try:
            most = max(most, child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return most


def test_saved_queries_have_the_answers_that_the_command_gives(
    workers: Workers, closed: Graph
) -> None:
    for name in saved_queries(closed):
        text = saved_query(closed, name).text
        found = solutions(closed, text, name)
        content = workers.answer(Question(text, "*/*")).content
        if isinstance(found, ox.QueryTriples):
            assert set(ox.parse(content, ox.RdfFormat.TURTLE)) == set(found)
            continue
        answered = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        assert _rows(answered) == _rows(found), name


def _rows(found: object) -> object:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return sorted(str([row[v.value] for v in found.variables]) for row in found)


FAULTY = {
    "SELEKT * { ?s ?p ?o }": "SELECT",
    "SELECT * { ?s ?p }": "query:1:",
    "SELECT * { ?s skoz:prefLabel ?o }": "skos",
}


@pytest.mark.parametrize("text", FAULTY)
def test_a_process_tells_what_is_wrong_and_what_was_probably_meant(
    workers: Workers, text: str
) -> None:
    for _ in range(BOUNDS.at_once):
        with pytest.raises(Refused) as refused:
            ask(workers, text)
        told = workers._graph.workspace.catalogue.say(refused.value.message, "en")
        assert (refused.value.status, FAULTY[text] in told) == (400, True), told


@pytest.mark.parametrize("form", [*ANSWERS, *MEDIA])
def test_a_process_writes_every_form(workers: Workers, form: str) -> None:
    text = "SELECT * { ?s ?p ?o } LIMIT 3" if form in ANSWERS else "DESCRIBE ?s { ?s a ?o } LIMIT 1"
    for _ in range(BOUNDS.at_once):
        answer = workers.answer(Question(text, {**ANSWERS, **MEDIA}[form]))
        assert (answer.form, len(answer.content) > 50) == (form, True)


def test_too_many_questions_at_once_are_asked_to_come_back(workers: Workers) -> None:
    endpoint = Endpoint(workers._graph, workers)
    request = Request("GET", urlencode({"query": ENDLESS}), languages="en")
    with ThreadPoolExecutor() as many:
        answers = list(many.map(lambda _: endpoint.answer(request, "http://x/"), range(5)))

    assert sorted(answer.status for answer in answers) == [500, 500, 503, 503, 503]
    assert {a.headers.get("Retry-After") for a in answers if a.status == 503} == {"5"}
    assert ask(workers, COUNT)["results"]["bindings"]


def test_a_process_opens_no_connection_and_no_file(workers: Workers) -> None:
    # Whatever a text hides from the check of its words, the system lets nothing out.
    text = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    with pytest.raises(Refused) as refused:
        workers.answer(Question(text, "*/*"))
    assert refused.value.message.key == "error.remote-query"

    for _ in range(BOUNDS.at_once):
        ask(workers, COUNT)
    for child in psutil.Process().children():
        if "spawn_main" in " ".join(child.cmdline()):
            assert child.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)


@dataclass
class Served:
    """A running `jkgraph serve --sparql`."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, text: str, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"/sparql?{urlencode({'query': text})}", headers=headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer


@contextmanager
def served(root: Path, scratch: Path, *options: str) -> Iterator[Served]:
    scratch.mkdir()
    command = [sys.executable, "-m", "jkgraph", "--root", str(root), "--lang", "en", "serve"]
    process = subprocess.Popen(  # noqa: S603  (our own program)
        [*command, "--sparql", "--port", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    try:
        for line in process.stderr:
            if line.rstrip().endswith("/sparql"):
                yield Served(process, urlsplit(line.split()[-1]).port)
                break
        else:
            pytest.fail("it does not start")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_answers_and_leaves_nothing_behind(
    minimal: Path, tmp_path: Path, stop: int
) -> None:
    with served(minimal, tmp_path / "scratch", "--timeout", "2", "--limit", "5") as endpoint:
        graph = load(open_workspace(minimal))
        status, content = endpoint.ask(COUNT)
        found = int(json.loads(content)["results"]["bindings"][0]["n"]["value"])
        assert (status, found > len(graph.store)) == (200, True)
        assert endpoint.ask("SELECT * { ?s ?p ?o }", **{"Accept-Language": "en"}) == (
            500,
            b"The answer has more than 5 rows. "
            b"Ask for fewer with LIMIT, and for the next ones with OFFSET. "
            b"Who runs this address can raise `serve_rows` under [limits] in jkgraph.toml.\n",
        )
        status, content = endpoint.ask(EXPLODING["deep paths"] + "# ", **{"Accept-Language": "nl"})
        assert (status, content[:34]) == (500, b"De vraag is gestopt na 2 seconden.")
        workers = psutil.Process(endpoint.process.pid).children(recursive=True)
        assert workers
        endpoint.process.send_signal(stop)
        endpoint.process.wait(10)
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert alive == []
        assert list((tmp_path / "scratch").iterdir()) == []


def test_the_processes_end_with_a_command_that_is_killed(minimal: Path, tmp_path: Path) -> None:
    with served(minimal, tmp_path / "scratch", "--timeout", "2") as endpoint:
        workers = psutil.Process(endpoint.process.pid).children(recursive=True)
        with ThreadPoolExecutor() as side:
            asked = side.submit(endpoint.ask, EXPLODING["deep paths"])
            time.sleep(0.5)
            endpoint.process.kill()
            assert asked.exception() is not None
        _, alive = psutil.wait_procs(workers, timeout=10)

    assert alive == []


def test_the_other_commands_can_ask_it(run, minimal: Path, tmp_path: Path) -> None:
    # What people ask here has the drafts too.
    with served(minimal, tmp_path / "scratch", "--drafts") as endpoint:
        url = f"http://127.0.0.1:{endpoint.port}/sparql"
        for command in (["upstream"], ["upstream", "--asserted"], ["bridges-over"]):
            here, there = run("query", *command), run("query", *command, "--endpoint", url)
            assert there.code == 0, there.err
            assert there.out == here.out
