"""`vertebra serve` and `vertebra demo`: the dashboard in a process of its own."""

import argparse
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

import dashboard
from etl.demonstration import holds_only_the_sample
from etl.pipeline import load
from warehouse.errors import SourceUnreadable
from warehouse.settings import Settings, settle
from warehouse.sql_files import records_root

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_INTERRUPTED = 130


def run_demo(chosen: argparse.Namespace) -> int:
    """Serve the sample; a warehouse that holds records already is served as it is.

    The sample is synthetic, so it is never loaded among a practice's own records.
    """
    settings = settle({"warehouse": chosen.warehouse})
    _check_port(chosen)
    sample = records_root() / "sample"
    if settings.warehouse.exists() and not holds_only_the_sample(settings.warehouse):
        print(f"Serving what '{settings.warehouse}' holds; no sample was added.", file=sys.stderr)
        return _serve(settings, chosen)
    report = load([sample], settings)
    print(f"Synthetic sample: snapshot {report.snapshot} ({report.status})", file=sys.stderr)
    return _serve(settings, chosen)


def run_serve(chosen: argparse.Namespace) -> int:
    """Serve the dashboard until it is stopped."""
    settings = settle({"warehouse": chosen.warehouse})
    _check_port(chosen)
    return _serve(settings, chosen)


def _check_port(chosen: argparse.Namespace) -> None:
    """Refuse a port that cannot be had, before anything is loaded."""
    if not 0 < chosen.port < 65536:
        raise SourceUnreadable(f"--port {chosen.port} is not a port\n  Allowed: 1 to 65535.")
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name != "nt":  # so that a port left a moment ago counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as error:
            raise SourceUnreadable(
                f"--port {chosen.port} of {chosen.host} cannot be used: {error.strerror}\n"
                "  Stop what is serving there, or name another port."
            ) from None


def _serve(settings: Settings, chosen: argparse.Namespace) -> int:
    """Start the server, print its address, pass signals on, and return when it ends."""
    environment = os.environ | {"VERTEBRA_WAREHOUSE": str(settings.warehouse.resolve())}
    server = subprocess.Popen(_command(chosen), env=environment)
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(f"Dashboard: http://{shown}:{chosen.port}", flush=True)
    _pass_signals_on(server)
    code = server.wait()
    return _INTERRUPTED if code in (-signal.SIGINT, -signal.SIGTERM) else code


def _command(chosen: argparse.Namespace) -> list[str]:
    app = Path(dashboard.__file__).with_name("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(app)]
    command += ["--server.port", str(chosen.port), "--server.address", chosen.host]
    command += ["--server.headless", "true" if chosen.no_browser else "false"]
    if chosen.host not in _LOOPBACK:
        print(
            f"Warning: --host {chosen.host} lets other machines see every record's counts, "
            "unsuppressed and without a password.",
            file=sys.stderr,
        )
        for host in (*_LOOPBACK[:2], chosen.host):
            command += ["--server.allowedHosts", host]
    return command


def _pass_signals_on(server: subprocess.Popen[bytes]) -> None:
    """Hand SIGINT and SIGTERM to the server, and let it end by itself."""

    def forward(number: int, _frame: FrameType | None) -> None:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM if os.name == "nt" else number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, forward)
