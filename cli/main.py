"""`vertebra VERB`: the command line; each verb imports what it needs inside its branch."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warehouse.errors import IdentifiersFound, LoadRefused, SourceUnreadable, VertebraError

EXIT_INTERRUPTED = 130
THREADS_OF_ALGEBRA = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    _keep_algebra_to_one_thread()
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except VertebraError as error:
        _say(str(error))
        if getattr(chosen, "json", False):
            _print_json(_failure(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted; the published warehouse is what it was.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_INTERRUPTED


def _run(chosen: argparse.Namespace) -> int:
    verb = chosen.verb
    if verb in ("load", "check"):
        from cli.load import run_load

        return run_load(chosen)
    if verb == "status":
        from cli.status import run_status

        return run_status(chosen)
    if verb == "map":
        from cli.map import run_map

        return run_map(chosen)
    if verb == "deidentify":
        from cli.deidentify import run_deidentify

        return run_deidentify(chosen)
    if verb == "sample":
        from cli.sample import run_sample

        return run_sample(chosen)
    if verb == "report":
        from cli.report import run_report

        return run_report(chosen)
    from cli.serve import run_demo, run_serve

    return run_demo(chosen) if verb == "demo" else run_serve(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="vertebra",
        description="Outcomes of kyphoplasty and vertebroplasty, from your own records.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_load(verbs)
    _add_map(verbs)
    _add_deidentify(verbs)
    _add_serving(verbs)
    _add_report(verbs)
    _add_sample(verbs)
    _add_status(verbs)
    return parser


def _add_load(verbs: Any) -> None:
    for verb, words in (
        ("load", "check files and publish them in the warehouse"),
        ("check", "everything load does, but publish nothing"),
    ):
        parser = verbs.add_parser(verb, help=words)
        parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="what the tables of the source mean"
        )
        parser.add_argument(
            "--complete",
            action="store_true",
            help="the source holds every record: remove published ones that it lacks",
        )
        parser.add_argument("--max-refused", type=float, metavar="SHARE", help="0 to 1")
        parser.add_argument("--privacy-mode", choices=("safe_harbor", "limited_data_set"))
        _add_common(parser)
        if verb == "load":
            parser.add_argument("--dry-run", action="store_true", help="publish nothing")


def _add_map(verbs: Any) -> None:
    parser = verbs.add_parser("map", help="propose a mapping of a practice's own tables")
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it; else stdout")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def _add_deidentify(verbs: Any) -> None:
    parser = verbs.add_parser("deidentify", help="make an identified export safe to load")
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="what the tables of the source mean"
    )
    parser.add_argument(
        "--crosswalk", type=Path, metavar="FILE", help="who is who; kept outside DIR, for you only"
    )
    parser.add_argument(
        "--date-format",
        default="YYYY-MM-DD",
        metavar="FORMAT",
        help="without mapping, as DD/MM/YYYY",
    )
    parser.add_argument(
        "--day-zero",
        choices=("before", "after", "unknown"),
        default="unknown",
        help="without mapping: when scores of the procedure's day were taken",
    )
    parser.add_argument("--max-refused", type=float, metavar="SHARE", help="0 to 1")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def _add_serving(verbs: Any) -> None:
    for verb, words in (("serve", "the dashboard"), ("demo", "load the sample and serve it")):
        parser = verbs.add_parser(verb, help=words)
        parser.add_argument("--port", type=int, default=8501)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--no-browser", action="store_true")
        parser.add_argument("--warehouse", type=Path, metavar="FILE")


def _add_report(verbs: Any) -> None:
    parser = verbs.add_parser("report", help="the export pack with its manifest")
    parser.add_argument("--format", default="all", help="csv, xlsx, pdf, pptx, html or all")
    parser.add_argument("--cohort", default="", metavar="QUERY", help="as in a page's address")
    parser.add_argument("--audience", choices=("inside", "outside"), default="outside")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--warehouse", type=Path, metavar="FILE")


def _add_sample(verbs: Any) -> None:
    parser = verbs.add_parser("sample", help="synthetic records, any size")
    parser.add_argument("--procedures", type=int, default=2400, metavar="N")
    parser.add_argument("--seed", type=int, default=2027, metavar="S")
    parser.add_argument("--effect", choices=("trap", "cancer", "none"), default="trap")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--second-load", type=Path, metavar="DIR", help="a later export, too")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="what was planted, too")


def _add_status(verbs: Any) -> None:
    parser = verbs.add_parser("status", help="what is in the warehouse")
    parser.add_argument(
        "--thresholds",
        type=Path,
        metavar="MAPPING",
        help="judge the latest load by the thresholds of this mapping, without loading again",
    )
    parser.add_argument(
        "--max-refused", type=float, metavar="SHARE", help="judge the latest load by it; 0 to 1"
    )
    _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--warehouse", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--verbose", action="store_true", help="every step on stderr")


class _Parser(argparse.ArgumentParser):
    """A parser that fails as every other wrong usage does."""

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        self.exit(SourceUnreadable.exit_code, f"{self.prog}: {message}\n")


def _failure(error: VertebraError) -> dict[str, Any]:
    report = getattr(error, "report", None)
    facts = {} if report is None else report.as_json()
    status = "refused" if isinstance(error, IdentifiersFound | LoadRefused) else "failed"
    return facts | {"status": status, "exit_code": error.exit_code, "message": str(error)}


def _print_json(facts: dict[str, Any]) -> None:
    print(json.dumps(facts, ensure_ascii=False, indent=2))


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _keep_algebra_to_one_thread() -> None:
    """Ask for one thread where nothing else is asked for; a server started later inherits it.

    The matrices are small: more threads only spin. It is read when numpy is first imported.
    """
    for name in THREADS_OF_ALGEBRA:
        os.environ.setdefault(name, "1")


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
