"""The command line: reads options, calls one function, prints, and sets the exit code.

0 means fine, 1 that there are findings, 2 that the work could not be done.
"""

from __future__ import annotations

import gc
import sys

import click

from jkgraph import __version__
from jkgraph.cli.help import Group, Option, language_of
from jkgraph.errors import JkgraphError
from jkgraph.messages import visible, words

# A command makes little garbage that goes round in circles; looking for it often takes long.
GARBAGE = 50_000


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--root", type=click.Path(), cls=Option, metavar="FOLDER")
@click.option("--lang", type=click.Choice(["nl", "en"]), cls=Option)
@click.version_option(__version__, prog_name="jkgraph", cls=Option)
@click.pass_context
def jkgraph(ctx: click.Context, root: str | None, lang: str | None) -> None:
    """Hold the options that every command shares."""
    from jkgraph.cli.session import Session

    ctx.obj = Session(root, lang)


def main() -> None:
    """Run the command line; what stops the work is told in a sentence, without a traceback."""
    gc.set_threshold(GARBAGE)
    try:
        # Click returns the code of an Exit, and raises everything else.
        sys.exit(jkgraph.main(standalone_mode=False, prog_name="jkgraph"))
    except click.exceptions.NoArgsIsHelpError as help_:
        help_.show()
        sys.exit(2)
    except click.UsageError as error:
        from jkgraph.cli.usage import worded

        _tell(worded(error))
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except JkgraphError as error:
        _tell(error)
        sys.exit(2)
    finally:
        # Python looks for garbage once more when it ends; the system takes all of it anyway.
        gc.freeze()


def _tell(error: JkgraphError) -> None:
    told = visible(words().say(error.message, language_of(sys.argv[1:])))
    click.echo(f"jkgraph: {told}", err=True)
