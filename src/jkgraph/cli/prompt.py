"""Reads what a person types in the shell: keys, completion, colours, history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import DynamicLexer, Lexer, PygmentsLexer, SimpleLexer
from prompt_toolkit.styles import Style

from jkgraph.cli.conversation import COMMANDS, OFF, ON_SCREEN, Conversation
from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.messages import LANGUAGES
from jkgraph.personal import state_folder
from jkgraph.queries import saved_query
from jkgraph.sparql import is_whole
from jkgraph.suggestions import Suggestion

PROMPT, FURTHER = "jkgraph> ", "     ... "
MOST_KEPT = 1000
# One sign says too little to suggest anything unasked.
FEWEST_SIGNS = 2
STYLE = Style.from_dict(
    {
        "pygments.keyword": "bold",
        "pygments.literal.string": "ansigreen",
        "pygments.name.variable": "ansicyan",
        "pygments.comment": "italic",
        "bottom-toolbar": "noreverse ansibrightblack",
    }
)
SPARQL, COMMAND = PygmentsLexer.from_filename("x.rq"), SimpleLexer("bold")


def typed(talk: Conversation) -> Iterator[str]:
    """Yield what a person types, whole queries and commands, until that person leaves."""
    session: PromptSession[str] = PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation=FURTHER,
        history=_history(),
        completer=_Completer(talk),
        complete_while_typing=True,
        key_bindings=_keys(),
        lexer=DynamicLexer(lambda: _lexer(session.default_buffer.text)),
        style=STYLE,
        bottom_toolbar=lambda: _toolbar(talk),
        include_default_pygments_style=False,
    )
    while True:
        try:
            text = session.prompt().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text:
            yield text


def _lexer(text: str) -> Lexer:
    return COMMAND if text.startswith(".") else SPARQL


def _toolbar(talk: Conversation) -> str:
    limit = talk.limit or OFF
    return talk.run.say("shell.keys", format=talk.form, limit=limit)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def go(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        text = buffer.text
        if buffer.complete_state and buffer.complete_state.current_completion:
            buffer.complete_state = None
        elif text.startswith(".") or not text.rpartition("\n")[2].strip() or is_whole(text):
            buffer.validate_and_handle()
        else:
            buffer.newline()

    @keys.add("escape", "enter")
    def go_on(event: KeyPressEvent) -> None:
        event.current_buffer.newline()

    return keys


class _Completer(Completer):
    """Completes commands and what stands behind them, and SPARQL."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """Yield what may follow; unasked only where enough was typed."""
        before = document.text_before_cursor
        is_command = before.startswith(".")
        found = self._command(before) if is_command else self._sparql(before, document.text)
        for one in found:
            if event.completion_requested or is_command or one.replaced >= FEWEST_SIGNS:
                yield Completion(one.text, -one.replaced, display_meta=one.told)

    def _sparql(self, before: str, whole: str) -> Iterator[Suggestion]:
        return self._talk.suggester.sparql(before, whole)

    def _command(self, before: str) -> Iterator[Suggestion]:
        name, space, rest = before.partition(" ")
        if not space:
            told = dict(re.findall(r"(\.\w+)\s*(.*)", self._talk.run.say("shell.help")))
            return _beginning(name, {command: told.get(command, "") for command in COMMANDS})
        match name:
            case ".show" | ".why":
                return self._talk.suggester.records(rest)
            case ".run":
                return self._saved(rest)
            case ".format":
                return _beginning(rest, dict.fromkeys(ON_SCREEN, ""))
            case ".lang":
                return _beginning(rest, dict.fromkeys(LANGUAGES, ""))
            case _:
                return iter(())

    def _saved(self, rest: str) -> Iterator[Suggestion]:
        """Suggest a saved query, and behind its name its parameters and their values."""
        graph, (name, *given) = self._talk.graph, rest.split(" ")
        if given:
            with suppress(JkgraphError):
                yield from self._talk.suggester.parameters(saved_query(graph, name), given[-1])
        else:
            yield from _beginning(name, self._talk.titles())


def _beginning(start: str, texts: dict[str, str]) -> Iterator[Suggestion]:
    for text, told in texts.items():
        if text.startswith(start):
            yield Suggestion(text, len(start), told)


def _history() -> History:
    """Return what was typed before, the last of it; where nothing can be kept, nothing is."""
    file = state_folder() / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        history = _History(str(file))
        former = list(history.load_history_strings())
    except (OSError, UnicodeDecodeError):
        return InMemoryHistory()
    if len(former) > 2 * MOST_KEPT:
        with suppress(JkgraphError):
            replace_text(file, "")
        for text in reversed(former[:MOST_KEPT]):
            history.store_string(text)
    return history


class _History(FileHistory):
    """What was typed, in a file; a full disk ends no conversation."""

    def store_string(self, string: str) -> None:
        """Add a text to the file."""
        with suppress(OSError):
            super().store_string(string)
