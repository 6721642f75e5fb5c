"""What stops the work: raised anywhere, shown once as a sentence by the command line."""

from __future__ import annotations

import errno

from jkgraph.messages import Message, words


class JkgraphError(Exception):
    """The work cannot be done; carries the message that tells a person why.

    ``language`` is that of its text.
    """

    language = "en"

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.message = Message(f"error.{key}", values)

    def __str__(self) -> str:
        """Word the message."""
        return words().say(self.message, self.language)


REASONS = {
    FileNotFoundError: "error.no-such-file",
    IsADirectoryError: "error.is-folder",
    PermissionError: "error.no-permission",
    UnicodeDecodeError: "error.not-utf-8",
}


def unreadable(file: object, error: OSError | UnicodeDecodeError) -> JkgraphError:
    """Return the error that a file cannot be read, with the reason in people's words."""
    key = REASONS.get(type(error))
    return JkgraphError("unreadable", file=file, reason=Message(key) if key else error)


FAULTS = {
    errno.ENOSPC: "error.disk-full",
    errno.EDQUOT: "error.disk-full",
    errno.EACCES: "error.no-permission-here",
    errno.EPERM: "error.no-permission-here",
    errno.EROFS: "error.read-only",
    errno.EISDIR: "error.is-folder",
    errno.ELOOP: "error.is-link",
}


def unwritable(file: object, error: OSError) -> JkgraphError:
    """Return the error that a file cannot be written, with the reason in people's words."""
    return JkgraphError("not-written", file=file, reason=_reason(error))


def refused(error: OSError) -> JkgraphError:
    """Return the error that the system refuses a file or folder that a command needs."""
    return JkgraphError("refused", file=error.filename, reason=_reason(error))


def _reason(error: OSError) -> object:
    key = FAULTS.get(error.errno or 0)
    return Message(key) if key else error.strerror
