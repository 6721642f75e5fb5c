"""A preview that follows the files: what browsers are told, and what is added to their pages.

The pages of the site are those of a build. Only what is sent gets a script that loads the page
again, and a panel with findings; the policy of the page is widened to allow them.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Condition, Event, Thread
from typing import NamedTuple

from jkgraph.errors import JkgraphError
from jkgraph.messages import Catalogue
from jkgraph.site.live import Live
from jkgraph.site.policy import READING, SCRIPTED
from jkgraph.site.render import fragment
from jkgraph.workspace import BUNDLED

# No page or file of a site stands in a folder with this sign.
FOLDER = "_preview/"
EVENTS = f"{FOLDER}events"
OWN = {f"{FOLDER}{name}": f"preview/{name}" for name in ("watch.css", "watch.js")}
PANEL, FAULT = "preview/panel.html", "preview/fault.html"
HEAD = f"""<link rel="stylesheet" href="/{FOLDER}watch.css">
<script type="module" src="/{FOLDER}watch.js"></script>
</head>"""
# In milliseconds: how long to gather changes at most, and how often to look at the files where
# the system tells of no changes.
DEBOUNCE, EVERY = 400, 3000


class Told(NamedTuple):
    """What is wrong, in words: the file, the place in it, and the text in each language."""

    path: str
    place: str
    text: tuple[tuple[str, str], ...]


Check = Callable[[], Iterable[Told]]


class Watching:
    """A site that follows its files, with what there is to tell of them.

    ``check`` returns what is wrong in the whole workspace.
    """

    def __init__(self, live: Live, check: Check) -> None:
        self.live = live
        self._check = check
        self._changed: set[str] = set()
        self._known: frozenset[Told] | None = None
        self._found: tuple[Told, ...] = ()
        self._number = 0
        self._news = Condition()
        self._to_check = Event()
        # What was loaded stays: looking through it for garbage again and again takes long.
        gc.collect()
        gc.freeze()

    def follow(self, stop: Event) -> None:
        """Take up changes until told to stop; the checks run beside."""
        from watchfiles import watch

        Thread(target=self._keep_checking, args=(stop,), daemon=True).start()
        paths: list[Path] = []
        while not stop.is_set():
            self._to_check.set()
            paths = self._paths()
            changes = watch(
                *paths,
                debounce=DEBOUNCE,
                rust_timeout=EVERY,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
            )
            for _ in changes:
                self.refresh()
                # A folder that was not there before is watched from now on.
                if self._paths() != paths:
                    break

    def _paths(self) -> list[Path]:
        return [path for path in self.live.workspace.sources if path.exists()]

    def refresh(self) -> None:
        """Take up what has changed on disk, and tell."""
        changed = self.live.refresh()
        if not changed:
            return
        root = self.live.workspace.root
        with self._news:
            self._changed |= {p.relative_to(root).as_posix() for p in changed if root in p.parents}
            self._number += 1
            self._news.notify_all()
        self._to_check.set()

    def _keep_checking(self, stop: Event) -> None:
        while not stop.is_set():
            self._to_check.wait()
            self._to_check.clear()
            self.check()

    def check(self) -> None:
        """Look for what is wrong, and tell; what is found first was wrong already."""
        found = tuple(self._check())
        with self._news:
            self._found = found
            if self._known is None:
                self._known = frozenset(found)
            self._news.notify_all()

    @property
    def version(self) -> str:
        """The name of the state that the site is in, of this run of the preview."""
        return f"{os.getpid()}-{self._number}"

    @property
    def state(self) -> str:
        """What browsers are told, as JSON: the version, and what is wrong since the start.

        That is what stops files or pages, what is wrong in files that were changed, and what
        went wrong in others by that.
        """
        known = self._known or ()
        found = (t for t in self._found if t.path in self._changed or t not in known)
        told = dict.fromkeys((*self._stopping(), *found))
        findings = [{"place": t.place, "text": dict(t.text)} for t in told]
        return json.dumps({"version": self.version, "findings": findings}, ensure_ascii=False)

    def _stopping(self) -> Iterator[Told]:
        words = self.live.workspace.catalogue
        for message in self.live.faults:
            yield Told("", "", tuple((lang, words.say(message, lang)) for lang in words.languages))
        for found in self.live.broken:
            texts = tuple(
                (lang, in_words(words, found.severity.word, words.say(found.message, lang), lang))
                for lang in words.languages
            )
            yield Told(found.location.path, str(found.location), texts)

    def wait(self, known: str, seconds: float) -> str:
        """Return the state when it is another than the one known, or after some seconds."""
        with self._news:
            self._news.wait_for(lambda: self.state != known, seconds)
            return self.state

    def content(self, address: str) -> tuple[bytes | None, bool]:
        """Return what to send for an address, if anything, and whether it could be made."""
        if address in OWN:
            return (BUNDLED / "templates" / OWN[address]).read_bytes(), True
        page = self.live.pages.get(address)
        language = page.language if page else self.live.workspace.languages[0]
        try:
            version = self.version
            content = self.live.content(address)
        except JkgraphError as error:
            message = self.live.workspace.catalogue.say(error.message, language)
            fault = fragment(self.live.workspace, FAULT, language, message=message)
            return self._with_panel(fault, version, language), False
        if content is None or not address.endswith(".html"):
            return content, True
        return self._with_panel(content.decode(), version, language), True

    def _with_panel(self, page: str, version: str, language: str) -> bytes:
        panel = fragment(self.live.workspace, PANEL, language, version=version)
        page = page.replace(_escaped(READING), _escaped(SCRIPTED), 1)
        page = page.replace("</head>", HEAD, 1).replace("</body>", f"{panel}</body>", 1)
        return page.encode()


def _escaped(policy: str) -> str:
    return 'content="{}"'.format(policy.replace("'", "&#39;"))


def in_words(words: Catalogue, severity: str, text: str, language: str) -> str:
    """Write a finding as one text."""
    return f"{words.word(f'severity.{severity}', language)}: {text}"
