"""Set Vertebral Outcomes up and start it: `python3 start.py`, or `python3 start.py test`.

Needs nothing but Python 3.11 or later with venv and pip. Anything else that is given is handed on
to the `vertebra` command: `python3 start.py load FOLDER`. `clean` removes the set-up, `clean --all`
asks and then removes the loaded records too.
"""

import hashlib
import os
import shutil
import subprocess
import sys

# This file has to be readable by old Pythons too, so that they can say what is needed.
LOWEST_PYTHON = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = os.path.join(ROOT, ".venv")
STAMP = os.path.join(ENVIRONMENT, ".installed")
LOCK = os.path.join(ROOT, "requirements.lock")
BUILT_FROM = (LOCK, os.path.join(ROOT, "pyproject.toml"))


def main(arguments):
    """Set up what is missing, then run the tests or hand over to `vertebra`."""
    check_python()
    if arguments[:1] == ["clean"]:
        return clean(everything="--all" in arguments)
    set_up()
    if arguments[:1] == ["test"]:
        suite = [python_inside(), "-m", "pytest", "-n", "2", "--dist", "loadgroup"]
        return run(suite + arguments[1:], folder=ROOT)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["demo"] + arguments
    return run([python_inside(), "-m", "cli.main"] + arguments)


def check_python():
    """Stop with words where this Python is too old."""
    if sys.version_info[:2] < LOWEST_PYTHON:
        stop(
            "Vertebral Outcomes needs Python {}.{} or later; this is {}.{}.\n"
            "  Install a newer one and start again with it, e.g. `python3.11 start.py`.".format(
                *(LOWEST_PYTHON + tuple(sys.version_info[:2]))
            )
        )


def set_up():
    """Make .venv from the lock file, unless it was made from this very lock before."""
    wanted = fingerprint()
    if text_of(STAMP) == wanted:
        return
    say("Setting up (once; a minute or two) ...")
    make_environment()
    pip = [python_inside(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", LOCK]
    project = ["--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT]
    for what in (locked, project):
        if run(pip + what) != 0:
            stop(
                "The set-up did not finish; what pip said stands above.\n"
                "  Check the network and start again. Prebuilt packages exist for Linux (glibc),\n"
                "  macOS and Windows on x64; Alpine Linux has none of DuckDB."
            )
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(wanted)


def make_environment():
    """Make an empty .venv; a half-made one is cleared away first."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    if run([sys.executable, "-m", "venv", ENVIRONMENT]) != 0:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        stop(
            "This Python cannot make a virtual environment.\n"
            "  On Debian and Ubuntu: `apt install python3-venv`, then start again."
        )


def fingerprint():
    """Return what the set-up depends on, as one line."""
    digest = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for path in BUILT_FROM:
        with open(path, "rb") as file:
            digest.update(file.read())
    digest.update(ROOT.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def python_inside():
    """Return the path of the Python in .venv, on every platform."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(ENVIRONMENT, folder, name)


def clean(everything):
    """Remove the set-up and, when asked twice, the loaded records."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    say("Removed .venv.")
    records = os.path.join(ROOT, "var")
    if everything and os.path.isdir(records):
        answer = input("Remove var/ with everything that was loaded? Type yes: ")
        if answer.strip().lower() == "yes":
            shutil.rmtree(records)
            say("Removed var/.")
    return 0


def run(command, folder=None):
    """Run a command to its end and return its exit code; Ctrl-C ends it quietly."""
    process = subprocess.Popen(command, cwd=folder)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the command got it too, and says so itself


def text_of(path):
    """Return the text of a file, or nothing where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def say(words):
    """Print words where they do not mix with a command's output."""
    print(words, file=sys.stderr)


def stop(words):
    """Say why and end."""
    say(words)
    sys.exit(2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
