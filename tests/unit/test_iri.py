"""Addresses, compact names and slugs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkgraph.iri import (
    RESERVED,
    SLUG_LENGTH,
    Addresses,
    is_slug,
    kebab,
    natural_order,
    slugify,
    split,
)

BASE = "https://example.org/bruggen/"
NAMESPACES = {
    "br": f"{BASE}def#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "core": "http://www.w3.org/2004/02/skos/",
    "same": "http://www.w3.org/2004/02/skos/core#",
}
ADDRESSES = Addresses(BASE, NAMESPACES).with_folders(["bridge", "water"])

slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(is_slug)
# What may stand in an IRI: no space, no bracket, no quote.
iri_text = st.text(
    st.characters(exclude_characters='<>"{}|^`\\ ', exclude_categories=["Cc", "Cs", "Z"])
)
iris = st.builds(
    str.__add__,
    st.sampled_from([*ADDRESSES.prefixes.values(), BASE, "https://elsewhere.org/", "urn:x:"]),
    iri_text,
)


@given(st.text())
def test_a_label_gives_a_slug_or_nothing(label: str) -> None:
    slug = slugify(label)

    assert slug == "" or is_slug(slug)


@given(st.text(min_size=1, alphabet="abcé -Ω_'"), st.text(alphabet="abcé -Ω_'", min_size=60))
def test_a_label_with_a_letter_gives_a_slug_however_long(one: str, other: str) -> None:
    assert is_slug(slugify(f"{one}a{other}"))


@given(slugs)
def test_a_slug_stays_as_it_is(slug: str) -> None:
    assert slugify(slug) == slug
    assert slugify(slug.upper()) == slug


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_name_that_windows_or_the_site_keeps_for_itself_is_no_slug(name: str) -> None:
    assert not is_slug(name)
    assert is_slug(slugify(name))


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "é", "a b", "a/b", "a.b", "a\n"])
def test_other_texts_are_no_slugs(text: str) -> None:
    assert not is_slug(text)


def test_a_slug_is_cut_between_words() -> None:
    assert slugify(f"{'brug ' * 13}") == "-".join(["brug"] * 13)
    assert slugify(f"{'brug ' * 14}") == "-".join(["brug"] * 13)
    assert slugify("b" * 80) == "b" * SLUG_LENGTH


@given(iris)
def test_a_compact_name_leads_back_to_its_address(iri: str) -> None:
    assert ADDRESSES.expand(ADDRESSES.compact(iri)) == iri


@given(st.sampled_from(["br", "skos", "bridge"]), slugs)
def test_a_name_with_a_prefix_stays_as_it_is(prefix: str, local: str) -> None:
    iri = ADDRESSES.expand(f"{prefix}:{local}")

    assert iri is not None
    assert ADDRESSES.compact(iri) == f"{prefix}:{local}"


def test_an_address_without_prefix_stands_between_brackets() -> None:
    assert ADDRESSES.compact("urn:x:y") == "<urn:x:y>"
    assert ADDRESSES.compact(f"{BASE}def#a/b") == f"<{BASE}def#a/b>"
    assert ADDRESSES.compact(f"{BASE}def#") == f"<{BASE}def#>"


def test_an_unknown_prefix_has_no_address_and_a_web_address_is_its_own() -> None:
    assert ADDRESSES.expand("unknown:x") is None
    assert ADDRESSES.expand("just-a-word") is None
    assert ADDRESSES.expand("https://example.org/x") == "https://example.org/x"


@given(st.sampled_from(["bridge", "water"]), slugs, iri_text)
def test_a_record_is_found_from_its_address_and_from_that_of_its_parts(
    folder: str, slug: str, part: str
) -> None:
    record = ADDRESSES.record(folder, slug)

    assert ADDRESSES.kind_and_slug(record) == (folder, slug)
    assert ADDRESSES.kind_and_slug(f"{record}#{part}") == (folder, slug)


@pytest.mark.parametrize("iri", [BASE, f"{BASE}id/", f"{BASE}id/bridge/", f"{BASE}def#Bridge", ""])
def test_other_addresses_are_of_no_record(iri: str) -> None:
    assert ADDRESSES.kind_and_slug(iri) is None


def test_an_address_is_split_after_its_last_mark() -> None:
    assert split(f"{BASE}def#Bridge") == (f"{BASE}def#", "Bridge")
    assert split(f"{BASE}id/bridge/x") == (f"{BASE}id/bridge/", "x")
    assert split("urn:x") == ("", "urn:x")


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Bridge", "bridge"), ("DrawBridge", "draw-bridge"), ("Level2Bridge", "level2-bridge")],
)
def test_the_name_of_a_class_gives_the_name_of_its_folder(name: str, folder: str) -> None:
    assert kebab(name) == folder


def test_parts_come_in_the_order_of_their_numbers_after_their_record() -> None:
    record = ADDRESSES.record("bridge", "x")
    ordered = [record, f"{record}#c1", f"{record}#c2", f"{record}#c10", f"{record}#v1"]

    assert sorted({*ordered}, key=natural_order) == ordered
