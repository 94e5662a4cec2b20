"""The `landproof` command and its subcommands, each imported only when it is called.

Exit codes: 0 done or ready, 1 not ready or different, 2 wrong use, 3 unreadable input.
"""

import os
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

import click

from landproof import __version__
from landproof.cli.language import chosen_language, say
from landproof.domain.errors import LandproofError, UsageError
from landproof.domain.messages import text

EXIT_DIFFERENT = 1
EXIT_USAGE = 2
EXIT_UNREADABLE = 3
EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits.h

COMMANDS = {
    "new": text("Make an empty case folder with workbook templates."),
    "import": text("Bring files into a case: spreadsheets, plots, documents."),
    "undo": text("Take an import back. Nothing is deleted."),
    "status": text("What a case holds: tables, rows, rejects, imports, runs."),
    "screen": text("Check plots before they are measured: shape, place, size, duplicates."),
    "layers": text("Which raster layers plots need; check, register and fetch them."),
    "measure": text("Measure plots on raster layers and judge their land."),
    "why": text("From a plot's land verdict to its patches and pixels, with a picture."),
    "trace": text("Follow lots, products and plots through the chain; what stands in the way."),
    "check": text("Which documents of the chain cannot all be true."),
    "assess": text("Judge a case by all rules and write the reports."),
    "open": text("Open a number: the rows behind a finding."),
    "verify": text("Judge a run again, and list what differs."),
    "compare": text("What changed from one run to another, and why."),
    "export": text("Write the chain of a case in an exchange format, with what that cannot carry."),
    "rules": text("Explain the rules of the criteria."),
    "demo": text("Write the files of an invented company to try."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"landproof.cli.{cmd_name}_command")
        command: click.Command = module.command
        language = chosen_language()
        command.help = say(COMMANDS[cmd_name], language)
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.help:
                parameter.help = say(parameter.help, language)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        language = chosen_language()
        with formatter.section(say(text("Commands"), language)):
            formatter.write_dl([(name, say(sentence, language)) for name, sentence in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="landproof")
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def landproof(lang: str | None) -> None:
    """Prove that what you buy felled no forest and converted no natural ecosystem after 31 December 2020."""
    if lang:
        os.environ["LANDPROOF_LANG"] = lang


def main() -> None:
    """Run the command and exit with its code; nobody is shown a traceback."""
    # A terminal that lacks a character shows "?" instead of ending the command.
    reconfigure = getattr(sys.stdout, "reconfigure", None)  # replaced streams may have none
    if reconfigure is not None:
        reconfigure(errors="replace")
    landproof.help = say(landproof.__doc__ or "", chosen_language())
    try:
        code = landproof(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = EXIT_USAGE
    except LandproofError as error:
        click.echo(say(error.message, chosen_language()), err=True)
        code = EXIT_USAGE if isinstance(error, UsageError) else EXIT_UNREADABLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception:
        code = _defect()
    sys.exit(code or 0)


def _defect() -> int:
    # A defect of ours: the details go to a file that the user can send, not to the screen.
    with tempfile.NamedTemporaryFile(
        "w", prefix="landproof-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        traceback.print_exc(file=report)
    sentence = text(
        "landproof met an error of its own. The details are in %(file)s; please report it with that file."
    )
    click.echo(say(sentence, chosen_language()) % {"file": Path(report.name)}, err=True)
    return EXIT_DEFECT
