"""Real web servers give the site as meant, with the settings that the build has written."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as changed
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlsplit

import pytest

from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.site import build_site
from jkgraph.site.negotiation import suffix_for
from jkgraph.site.policy import HOST, WORKER
from jkgraph.site.preview import serve
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

MODULES = ("mpm_event", "authz_core", "dir", "headers", "mime", "negotiation", "rewrite")
SUB_PATH = "/gemeente/bruggen/"
ELSEWHERE = "https://graaf.example.org/kennis/"
WAIT = 10

APACHE = """\
ServerRoot "{folder}"
ServerName localhost
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/apache.log"
{modules}
{user}
TypesConfig /dev/null
{hosts}
"""
APACHE_HOST = """\
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
DocumentRoot "{root}"
<Directory "{root}">
AllowOverride FileInfo Indexes Options=Indexes,MultiViews
Require all granted
</Directory>
</VirtualHost>
"""
NGINX = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{hosts}
}}
"""
NGINX_HOST = "server {{ listen 127.0.0.1:{port}; root {root}; include {settings}; }}"

ACCEPTS = {
    "": "html",
    "*/*": "html",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8": "html",
    "text/turtle": "ttl",
    "Text/Turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/ld+json;profile=http://www.w3.org/ns/json-ld#compacted": "jsonld",
    "text/turtle;charset=utf-8;q=0.3, application/n-triples;q=0.4": "nt",
    "text/turtle, */*": "ttl",
    "text/turtle,application/n-triples;q=0.9,text/html;q=0.3": "ttl",
    "text/html;q=0.5, text/turtle;q=0.9": "ttl",
    "text/html;q=0.9,text/turtle;q=0.5": "html",
    "text/turtle;q=0.8, text/html;q=1.0": "html",
    "application/n-triples,text/turtle;q=0.9,*/*;q=0.1": "nt",
    "application/rdf+xml, application/ld+json;q=0.5, */*;q=0.1": "jsonld",
    "text/turtle;q=0, */*": "html",
    "text/turtle;q=0.0": "html",
    "text/turtle;q=0.05": "ttl",
    "text/turtle;q=x, application/n-triples;q=0.1": "nt",
    "text/turtles": "html",
    "image/png": "html",
    "nonsense, ;;q=,": "html",
}
TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
}
# Addresses of the real site, and where each leads to.
NAMED = {
    "/id/intervention/at-ease": "/intervention/at-ease",
    "/id/care-phase/voor-zorg": "/care-phase/voor-zorg",
    "/id/scheme/care-phase": "/care-phase/index",
    "/def": "/def",
    "/dataset": "/dataset",
    "/shape": "/shape",
}
FILES = {
    "/": "text/html; charset=utf-8",
    "/theme/index.html": "text/html; charset=utf-8",
    "/theme/wachttijd-ruimte-maken.ttl": "text/turtle; charset=utf-8",
    "/theme/wachttijd-ruimte-maken.jsonld": "application/ld+json",
    "/theme/wachttijd-ruimte-maken.nt": "application/n-triples",
    "/data/graph.nt.gz": "application/gzip",
    "/data/graph.trig": "application/trig",
    "/data/theme.csv": "text/csv; charset=utf-8",
    "/data/SHA256SUMS": "text/plain; charset=utf-8",
    "/context/v1.jsonld": "application/ld+json",
    "/robots.txt": "text/plain; charset=utf-8",
    "/static/style.css": "text/css; charset=utf-8",
    "/static/icon.svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Sites:
    """Folders to serve: the real site, a small one below a sub-path, and only redirects."""

    real: Path
    small: Path
    redirects: Path


@dataclass(frozen=True)
class Answer:
    """What a server says to one request."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def sites(real_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Put the sites where a server without rights may read them."""
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        real = folder / "real"
        shutil.copytree(real_site, real)
        (real / "static" / "some-worker.js").write_text("// of a test\n", "utf-8")
        small = folder / "small"
        _small_site(tmp_path_factory.mktemp("hosts"), small / SUB_PATH.strip("/"))
        redirects = folder / "redirects"
        (redirects / "bruggen").mkdir(parents=True)
        told = small / SUB_PATH.strip("/") / "host" / "w3id" / ".htaccess"
        text = told.read_text("utf-8").replace("https://example.org", ELSEWHERE.rstrip("/"))
        (redirects / "bruggen" / ".htaccess").write_text(text, "utf-8")
        yield Sites(real, small, redirects)


def _small_site(work: Path, target: Path) -> None:
    """Build the minimal workspace below a sub-path, with a withdrawn record and a release."""
    source = Path(__file__).parents[1] / "workspaces" / "minimal"
    folder = Path(shutil.copytree(source, work / "minimal"))
    path = folder / "data" / "bridge" / "houten-brug.ttl"
    text = path.read_text("utf-8").replace(
        "br:status status:klaar",
        'owl:deprecated true ; skos:changeNote "Vergaan in de storm."@nl ; br:status status:klaar',
    )
    path.write_text(f"@prefix owl: <http://www.w3.org/2002/07/owl#> .\n{text}", "utf-8")
    (folder / "releases" / "1.0.0").mkdir(parents=True)
    (folder / "releases" / "1.0.0" / "ontology-0.9.0.ttl").write_text("# As it was.\n", "utf-8")
    graph = load(open_workspace(folder))
    site = graph.workspace.site._replace(sub_path=SUB_PATH)
    graph = changed(graph, workspace=changed(graph.workspace, site=site))
    build_site(graph, read_kinds(graph), target)


@contextmanager
def running(command: list[str], ports: list[int], log: Path) -> Iterator[None]:
    """Run a server until the test is over; one that does not answer shows its log."""
    process = subprocess.Popen(command)  # noqa: S603  (a server of this machine)
    try:
        until = time.monotonic() + WAIT
        while not all(map(_answers, ports)):
            told = log.read_text("utf-8") if log.exists() else ""
            assert process.poll() is None, told
            assert time.monotonic() < until, told
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(WAIT)


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def apache(sites: Sites, folder: Path) -> Iterator[dict[str, int]]:
    """Run Apache, which reads the settings that stand beside the pages."""
    ports = {"real": _free_port(), "small": _free_port(), "redirects": _free_port()}
    roots = {"real": sites.real, "small": sites.small, "redirects": sites.redirects}
    modules = (f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in MODULES)
    text = APACHE.format(
        folder=folder,
        modules="\n".join(modules),
        user="User www-data\nGroup www-data" if os.getuid() == 0 else "",
        hosts="".join(APACHE_HOST.format(port=ports[n], root=roots[n]) for n in ports),
    )
    (folder / "apache.conf").write_text(text, "utf-8")
    command = ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", str(folder / "apache.conf")]
    with running(command, list(ports.values()), folder / "apache.log"):
        yield ports


@contextmanager
def nginx(sites: Sites, folder: Path) -> Iterator[dict[str, int]]:
    """Run nginx, which includes the settings of each site."""
    ports = {"real": _free_port(), "small": _free_port()}
    roots = {"real": sites.real, "small": sites.small}
    at = {"real": sites.real, "small": sites.small / SUB_PATH.strip("/")}
    text = NGINX.format(
        folder=folder,
        user="user root;" if os.getuid() == 0 else "",
        hosts="\n".join(
            NGINX_HOST.format(port=ports[n], root=roots[n], settings=at[n] / "host" / "nginx.conf")
            for n in ports
        ),
    )
    (folder / "nginx.conf").write_text(text, "utf-8")
    command = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
    with running(command, list(ports.values()), folder / "nginx.log"):
        yield ports


@contextmanager
def preview(sites: Sites, _folder: Path) -> Iterator[dict[str, int]]:
    """Run the server of the project itself, which knows no sub-paths."""
    server = serve(sites.real, 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield {"real": server.server_address[1]}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


SERVERS = {"apache": apache, "nginx": nginx, "preview": preview}


@pytest.fixture(scope="module", params=SERVERS)
def ports(
    request: pytest.FixtureRequest, sites: Sites, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """Run each server in turn, and tell at which port it shows what."""
    with SERVERS[request.param](sites, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture(scope="module", params=["apache", "nginx"])
def small(
    request: pytest.FixtureRequest, sites: Sites, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """Run each server in turn with a site below a sub-path."""
    with SERVERS[request.param](sites, tmp_path_factory.mktemp(request.param)) as found:
        yield found["small"]


@pytest.fixture(scope="module")
def redirects(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run Apache with nothing but the settings for w3id.org."""
    with apache(sites, tmp_path_factory.mktemp("w3id")) as found:
        yield found["redirects"]


def ask(port: int, path: str, accept: str | None = None, method: str = "GET") -> Answer:
    """Ask for an address once, without going where the answer points."""
    connection = HTTPConnection("127.0.0.1", port, timeout=WAIT)
    connection.request(method, path, headers={} if accept is None else {"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(response.status, {n.lower(): v for n, v in response.getheaders()}, body)


def place(answer: Answer) -> str:
    """Return where an answer points, on the same host; Apache names the host, nginx does not."""
    parts = urlsplit(answer.headers["location"])
    assert parts.hostname in {None, "127.0.0.1", "localhost"}
    return parts.path


@pytest.mark.parametrize("accept", ACCEPTS)
def test_the_preview_is_told_what_the_servers_are(accept: str) -> None:
    assert suffix_for(accept) == f".{ACCEPTS[accept]}"


@pytest.mark.parametrize("accept", ACCEPTS)
@pytest.mark.parametrize("address", NAMED)
def test_an_address_leads_to_the_form_that_is_liked_best(
    ports: dict[str, int], address: str, accept: str
) -> None:
    form = "ttl" if (address, ACCEPTS[accept]) == ("/shape", "html") else ACCEPTS[accept]
    answer = ask(ports["real"], address, accept)

    assert answer.status == 303
    assert place(answer) == f"{NAMED[address]}.{form}"
    assert answer.headers["vary"] == "Accept"
    there = ask(ports["real"], place(answer), accept)
    assert (there.status, there.headers["content-type"]) == (200, TYPES[form])
    assert "accept" not in there.headers.get("vary", "").lower().split(", ")


@pytest.mark.parametrize("path", FILES)
def test_a_file_has_its_type_and_the_headers_of_the_site(
    request: pytest.FixtureRequest, ports: dict[str, int], sites: Sites, path: str
) -> None:
    answer = ask(ports["real"], path)
    # Drafts that somebody previews are for nobody else to read.
    is_preview = request.node.callspec.params["ports"] == "preview"

    assert (answer.status, answer.headers["content-type"]) == (200, FILES[path])
    assert answer.headers["content-security-policy"] == HOST
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers.get("access-control-allow-origin") == (None if is_preview else "*")
    assert answer.headers["cache-control"] == "no-cache"
    assert "content-encoding" not in answer.headers
    file = "index.html" if path == "/" else path[1:]
    assert answer.body == (sites.real / file).read_bytes()


def test_only_a_worker_may_run_webassembly(ports: dict[str, int]) -> None:
    answer = ask(ports["real"], "/static/some-worker.js")

    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-security-policy"] == WORKER


@pytest.mark.parametrize(
    "path", ["/nergens", "/nergens.html", "/theme/nergens/diep.html", "/id/theme/a/b", "/id/"]
)
def test_what_is_not_there_gets_a_page_that_says_so(
    ports: dict[str, int], sites: Sites, path: str
) -> None:
    answer = ask(ports["real"], path)

    assert answer.status == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == HOST
    assert answer.body == (sites.real / "404.html").read_bytes()


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_an_address_that_nothing_has_leads_to_nothing(ports: dict[str, int], accept: str) -> None:
    answer = ask(ports["real"], "/id/theme/nergens", accept)

    assert ask(ports["real"], place(answer), accept).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/id//elsewhere.example/x",
        "/id/scheme//elsewhere.example/x",
        "/id/%2F%2Felsewhere.example/x",
        "/id/\\elsewhere.example/x",
        "/id/%0d%0ax:y/z",
        "//elsewhere.example/%2f..",
    ],
)
def test_no_address_leads_to_another_host(ports: dict[str, int], path: str) -> None:
    answer = ask(ports["real"], path, "text/html")
    target = urlsplit(answer.headers.get("location", "/"))

    assert target.hostname in {None, "127.0.0.1", "localhost"}
    assert "x" not in answer.headers


def test_a_list_of_files_is_not_shown(ports: dict[str, int]) -> None:
    assert ask(ports["real"], "/data/").status in {403, 404}


@pytest.mark.parametrize(
    ("address", "accept", "to"),
    [
        ("id/bridge/oude-steenbrug", "*/*", "bridge/oude-steenbrug.html"),
        ("id/bridge/oude-steenbrug", "text/turtle", "bridge/oude-steenbrug.ttl"),
        ("id/scheme/material", "application/ld+json", "material/index.jsonld"),
        ("def", "application/n-triples", "def.nt"),
        ("shape", "text/html", "shape.ttl"),
        ("def/0.9.0", "text/html", "def/0.9.0.ttl"),
    ],
)
def test_a_site_below_a_sub_path_stays_there(
    small: int, address: str, accept: str, to: str
) -> None:
    answer = ask(small, SUB_PATH + address, accept)

    assert (answer.status, place(answer)) == (303, SUB_PATH + to)
    assert answer.headers["vary"] == "Accept"
    assert ask(small, place(answer)).status == 200


def test_below_a_sub_path_a_missing_page_is_the_page_of_the_site(small: int, sites: Sites) -> None:
    answer = ask(small, f"{SUB_PATH}en/bridge/nergens.html")
    folder = sites.small / SUB_PATH.strip("/")

    assert answer.status == 404
    assert answer.body == (folder / "404.html").read_bytes()
    assert f'href="{SUB_PATH}static/style.css"'.encode() in answer.body
    assert ask(small, f"{SUB_PATH}static/style.css").status == 200


def test_a_withdrawn_record_still_answers_and_says_so(small: int) -> None:
    answer = ask(small, f"{SUB_PATH}id/bridge/houten-brug", "text/html")
    page = ask(small, place(answer))

    assert page.status == 200
    assert b"Vergaan in de storm." in page.body
    assert b'class="notice"' in page.body
    assert ask(small, f"{SUB_PATH}bridge/houten-brug.ttl").status == 200


@pytest.mark.parametrize("accept", ACCEPTS)
def test_w3id_leads_to_the_site_in_the_form_that_is_liked_best(redirects: int, accept: str) -> None:
    answer = ask(redirects, "/bruggen/id/bridge/oude-steenbrug", accept)

    assert answer.status == 303
    assert answer.headers["location"] == f"{ELSEWHERE}bridge/oude-steenbrug.{ACCEPTS[accept]}"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("address", "status", "to"),
    [
        ("", 302, ""),
        ("data/graph.ttl", 302, "data/graph.ttl"),
        ("bridge/oude-steenbrug.html", 302, "bridge/oude-steenbrug.html"),
        ("def", 303, "def.html"),
        ("shape", 303, "shape.ttl"),
        ("def/0.9.0", 303, "def/0.9.0.ttl"),
        ("id/scheme/material", 303, "material/index.html"),
    ],
)
def test_w3id_leads_everything_else_there_too(
    redirects: int, address: str, status: int, to: str
) -> None:
    answer = ask(redirects, f"/bruggen/{address}")

    assert (answer.status, answer.headers["location"]) == (status, ELSEWHERE + to)
