"""Recent changes on the site: from git where there is any, else from the dates of records."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = Path(__file__).parent / "atom.rng"
Run = Callable[..., object]


def git(folder: Path, *words: str, day: str = "2025-06-01") -> None:
    names = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    moment = f"{day}T12:00:00+02:00"
    subprocess.run(  # noqa: S603  (fixed words)
        ["git", *names, *words],  # noqa: S607  (found on the path)
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_COMMITTER_DATE": moment},
    )


def replace(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


@pytest.fixture
def kept(minimal: Path) -> Path:
    """Give the minimal workspace with a history: begun, then changed on two days."""
    bridges = minimal / "data" / "bridge"
    git(minimal, "init", "-q", "-b", "main")
    late = (bridges / "spoorbrug.ttl").read_text("utf-8")
    (bridges / "spoorbrug.ttl").write_text(late.replace("status:klaar", "status:in-bewerking"))
    git(minimal, "add", ".")
    git(minimal, "commit", "-qm", "begin", day="2025-05-01")
    replace(bridges / "nieuwe-brug.ttl", ("nog gebouwd", "nog geheim gebouwd"))
    replace(
        bridges / "oude-steenbrug.ttl",
        ("drie bogen", "drie geheime bogen"),
        ("material:steen", "material:hout , material:steen"),
        ('br:pages "12-13"', 'br:pages "14"'),
    )
    git(minimal, "commit", "-qam", "one", day="2025-06-01")
    replace(bridges / "oude-steenbrug.ttl", ("drie geheime bogen", "vier bogen"))
    (bridges / "spoorbrug.ttl").write_text(late)
    replace(bridges / "houten-brug.ttl", ("br:length 18.0", "br:length 19.5"))
    git(minimal, "commit", "-qam", "two", day="2025-06-01")
    replace(
        bridges / "houten-brug.ttl",
        (
            "br:status status:klaar",
            'skos:changeNote "2025-06-02: <b>Gemeten</b>."@nl ; br:status status:klaar',
        ),
        ("water:lange-vaart", "water:brede-stroom"),
    )
    git(minimal, "commit", "-qam", "three", day="2025-06-02")
    return minimal


def built(run: Run, at: Path, out: Path, *options: str) -> Path:
    ran = run("build", "--out", str(out), *options, at=at)
    assert ran.code == 0, ran.err
    return out


def text_of(path: Path) -> list[str]:
    """Return the words of the list of changes, a line an element."""
    page = etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))
    found = page.xpath("//main//h2|//ul[@class='changes']/li/p|//p[@class='notice']")
    return [" ".join("".join(one.itertext()).split()) for one in found]


def test_changes_are_told_by_day_and_quote_nothing_that_was_taken_out(
    kept: Path, run: Run, tmp_path: Path
) -> None:
    site = built(run, kept, tmp_path / "site")
    assert text_of(site / "changes.html") == [
        "2 juni 2025 1",
        "Houten brug brug",
        "<b>Gemeten</b>. Gaat over: was Lange Vaart, nu Brede Stroom.",
        "1 juni 2025 3",
        "Houten brug brug",
        "Lengte in meters: was 18,0, nu 19,5.",
        "Oude Steenbrug brug",
        "Beschrijving veranderd: “Een brug van steen met vier bogen over de Lange Vaart.” Gemaakt "
        "van: nu ook hout. Staat beschreven in De bruggen van de streek, p. 14: bladzijden "
        "veranderd: “14”.",
        "Spoorbrug brug nieuw",
        "Een brug voor treinen over de Brede Stroom.",
        "1 mei 2025 6",
        *text_of(site / "changes.html")[11:],
    ]
    assert "Length in metres: was 18.0, now 19.5." in text_of(site / "en" / "changes.html")
    told = "".join(
        p.read_text("utf-8") for p in [*site.rglob("changes.*"), *site.rglob("bridge/*.html")]
    )
    assert "geheim" not in told
    assert "Nieuwe brug" not in told


def test_a_record_page_tells_its_last_changes(kept: Path, run: Run, tmp_path: Path) -> None:
    site = built(run, kept, tmp_path / "site")
    foot = (
        (site / "bridge" / "oude-steenbrug.html").read_text("utf-8").partition('class="about"')[2]
    )
    assert "1 juni 2025: Beschrijving veranderd: “Een brug van steen met <ins>vier</ins> " in foot
    noted = (site / "bridge" / "houten-brug.html").read_text("utf-8").partition('class="about"')[2]
    assert "2025-06-02: &lt;b&gt;Gemeten&lt;/b&gt;." in noted


def test_a_record_page_tells_when_it_is_reviewed_next(
    minimal: Path, run: Run, tmp_path: Path
) -> None:
    replace(
        minimal / "data" / "bridge" / "spoorbrug.ttl",
        ("br:status", 'br:checkAgain "2026-11-01"^^xsd:date ; br:status'),
    )
    page = built(run, minimal, tmp_path / "site") / "bridge" / "spoorbrug.html"
    facts, _, foot = page.read_text("utf-8").partition('class="about"')
    assert "<dt>Weer nalezen op</dt><dd>1 november 2026</dd>" in foot
    assert "1 november 2026" not in facts


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("address", ["", "https://www.example.org/bruggen/"])
def test_the_feed_is_valid_and_leads_to_the_pages(
    kept: Path, run: Run, tmp_path: Path, address: str, language: str
) -> None:
    site = built(run, kept, tmp_path / "site", *(["--base-url", address] if address else []))
    feed = etree.parse(site / language / "changes.atom")
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    assert schema.validate(feed), schema.error_log
    start = address or "https://example.org/bruggen/"
    links = {link.get("href") for link in feed.iter(f"{ATOM}link")}
    assert f"{start}{language}changes.atom" in links
    assert all((site / link.removeprefix(start)).is_file() for link in links)
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(entries) == 10
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == moments[0] == "2025-06-02T12:00:00+02:00"


def test_every_page_names_the_feed_of_its_language(kept: Path, run: Run, tmp_path: Path) -> None:
    site = built(run, kept, tmp_path / "site")
    for path in site.rglob("*.html"):
        page = etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))
        [href] = page.xpath("//link[@type='application/atom+xml']/@href")
        start = site if href.startswith("/") else path.parent
        feed = (start / href.lstrip("/")).resolve()
        assert (
            feed
            == site / ("en" if "en" in path.relative_to(site).parts[:1] else "") / "changes.atom"
        )
        assert page.xpath("//footer//a[contains(@href, 'changes.html')]")


def test_without_history_the_dates_of_records_tell(minimal: Path, run: Run, tmp_path: Path) -> None:
    ran = run("build", "--out", str(tmp_path / "site"))
    assert "Recent changes come from the dates of the records" in ran.err
    said = text_of(tmp_path / "site" / "changes.html")
    assert said[0].startswith("Deze lijst komt uit de datums in de records")
    assert said[1:4] == [
        "2 mei 2025 1",
        "Spoorbrug brug",
        "Een brug voor treinen over de Brede Stroom.",
    ]
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    assert schema.validate(etree.parse(tmp_path / "site" / "changes.atom")), schema.error_log
    assert minimal.is_dir()


@pytest.mark.parametrize(
    ("depth", "told"), [("1", "uit de datums"), ("3", "gaat minder ver terug")]
)
def test_a_shallow_clone_says_so(
    kept: Path, run: Run, tmp_path: Path, depth: str, told: str
) -> None:
    git(tmp_path, "clone", "-q", "--depth", depth, kept.as_uri(), "clone")
    ran = run("build", "--out", str(tmp_path / "site"), at=tmp_path / "clone")
    assert "a shallow clone" in ran.err
    said = text_of(tmp_path / "site" / "changes.html")
    assert "gaat minder ver terug" in said[0]
    assert told in said[0]
    assert not any("1 mei 2025 6" in line for line in said) or depth == "1"


def test_two_builds_of_one_commit_are_the_same(kept: Path, run: Run, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(kept), "clone")
    shutil.copytree(kept / "build", tmp_path / "clone" / "build", dirs_exist_ok=True)
    one = built(run, kept, tmp_path / "one")
    other = built(run, tmp_path / "clone", tmp_path / "other")
    names = [p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file()]
    changed = [
        n for n in names if "pagefind" not in n and not filecmp.cmp(one / n, other / n, False)
    ]
    assert changed == []


def test_a_withdrawn_record_tells_no_more_than_that(kept: Path, run: Run, tmp_path: Path) -> None:
    replace(
        kept / "data" / "bridge" / "houten-brug.ttl",
        ("br:status", "<http://www.w3.org/2002/07/owl#deprecated> true ; br:status"),
    )
    git(kept, "commit", "-qam", "four", day="2025-06-03")
    said = text_of(built(run, kept, tmp_path / "site") / "changes.html")
    assert said[:2] == ["3 juni 2025 1", "Houten brug brug ingetrokken"]
    assert not any("19,5" in line or "Gemeten" in line for line in said)


@pytest.mark.parametrize(
    ("pattern", "filled"),
    [
        (
            "mailto:redactie@example.org?subject=Fout%20in%20{iri}",
            "mailto:redactie@example.org?subject=Fout%20in%20https://example.org/bruggen/id/bridge/spoorbrug",
        ),
        (
            "https://forge.example.org/issues/new?file={path}&amp;page={iri}",
            "https://forge.example.org/issues/new?file=data/bridge/spoorbrug.ttl"
            "&amp;page=https://example.org/bruggen/id/bridge/spoorbrug",
        ),
    ],
)
def test_a_fault_can_be_reported_by_mail_and_on_the_web(
    minimal: Path, run: Run, tmp_path: Path, pattern: str, filled: str
) -> None:
    written = pattern.replace("&amp;", "&")
    replace(
        minimal / "jkgraph.toml",
        ("[site]\n", f'[site]\nreport = "{written}"\nedit = "{written}"\n'),
    )
    page = built(run, minimal, tmp_path / "site") / "bridge" / "spoorbrug.html"
    text = page.read_text("utf-8")
    assert f'<a href="{filled}">Meld een fout</a>' in text
    assert f'<a href="{filled}">Bewerk het bestand</a>' in text


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "redactie@example.org", "mailto:a b"])
def test_a_wrong_address_to_report_to_is_refused(minimal: Path, run: Run, wrong: str) -> None:
    replace(minimal / "jkgraph.toml", ("[site]\n", f'[site]\nreport = "{wrong}"\n'))
    ran = run("build")
    assert ran.code == 2
    assert '"report" needs another value' in ran.err
