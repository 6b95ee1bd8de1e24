"""`planner`: the commands, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import Abort, TyperException

from cli import (
    annual,
    calendar,
    calls,
    check,
    demo,
    explain,
    forget,
    import_,
    init,
    outcomes,
    plan,
    sample,
    status,
    validate,
    value,
)
from planner import __version__
from planner.errors import PlannerError

DONE, VIOLATION, CANNOT_GO_ON, REJECTED = 0, 1, 2, 3
STOPPED = 130  # by Ctrl-C, as shells count it

app = typer.Typer(
    help="When each car's next service falls due, and whom to contact when: contact plans for dealerships.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, command in {
    "init": init.init,
    "sample": sample.sample,
    "import": import_.import_,
    "plan": plan.plan,
    "calls": calls.calls,
    "annual": annual.annual,
    "outcomes": outcomes.outcomes,
    "calendar": calendar.calendar,
    "explain": explain.explain,
    "validate": validate.validate,
    "value": value.value,
    "check": check.check,
    "forget": forget.forget,
    "status": status.status,
    "demo": demo.demo,
}.items():
    app.command(name)(command)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Shows the version and ends."),
) -> None:
    if version:
        print(f"planner {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit


def run(arguments: Sequence[str] | None = None) -> int:
    """One command; the exit code. 0 done, 1 a violation, 2 cannot go on, 3 done but rows were rejected."""
    try:
        code = app(arguments, prog_name="planner", standalone_mode=False)
        sys.stdout.flush()  # here, where a reader that has gone is no error
    except PlannerError as error:
        return _refuse(str(error))
    except TyperException as error:
        path = getattr(getattr(error, "ctx", None), "command_path", "planner")
        said = error.format_message().rstrip(".").replace("Value error, ", "")
        stop = "" if said.endswith(("?", ")")) else "."
        return _refuse(f"{said}{stop} '{path} --help' says what there is.")
    except (Abort, KeyboardInterrupt):
        print("planner: stopped; nothing was half done", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        return _nobody_reads()
    except SystemExit as stop:  # what typer makes of it
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        return _nobody_reads()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{where}{error.strerror or error}")
    return code or DONE


def _nobody_reads() -> int:
    """The reader of a pipe has gone (`planner explain ... | head`): no complaint at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _refuse(message: str) -> int:
    print(f"planner: {' '.join(message.split())}", file=sys.stderr)
    return CANNOT_GO_ON


def main() -> None:
    sys.exit(run())
