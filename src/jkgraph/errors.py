"""What stops the work: raised anywhere, shown once as a sentence by the command line."""

from __future__ import annotations

from jkgraph.messages import Message


class JkgraphError(Exception):
    """The work cannot be done; carries the message that tells a person why."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.message = Message(f"error.{key}", values)
