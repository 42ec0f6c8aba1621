#!/usr/bin/python3
"""Does for Amana's services what systemd does, where systemd is not the first process.

It lies in the chroot of `fresh_debian` as `systemctl` and as `systemd-run`, reads the
units that were installed, and obeys what of them can be obeyed there: User,
WorkingDirectory, EnvironmentFile, ExecStart, NoNewPrivileges. Other units are left to
Debian's own `systemctl`, which knows that it is in a chroot.
"""

import configparser
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
ALL_OF_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"


def service(name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / f"{name}.service")
    return dict(parser["Service"])


def environment(file: str) -> dict[str, str]:
    lines = Path(file).read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line and line[0] not in "#;")
    return {"PATH": ALL_OF_PATH} | {name: value for name, _, value in pairs}


def command(said: dict[str, str], *words: str) -> list[str]:
    user = said["User"]
    limits = ["--no-new-privs"] if said.get("NoNewPrivileges") == "yes" else []
    who = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
    return [*who, *limits, "--", *words]


def pid_of(name: str) -> int | None:
    """The process group of a service, if it runs."""
    file = Path(f"/run/{name}.pid")
    if not file.exists():
        return None
    pid = int(file.read_text())
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return None
    return pid


def start(name: str) -> None:
    if pid_of(name):
        return
    said = service(name)
    with open(f"/var/log/{name}.log", "ab") as log:
        process = subprocess.Popen(
            command(said, *shlex.split(said["ExecStart"])),
            cwd=said["WorkingDirectory"],
            env=environment(said["EnvironmentFile"]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    Path(f"/run/{name}.pid").write_text(str(process.pid))


def stop(name: str) -> None:
    pid = pid_of(name)
    if pid is None:
        return
    os.killpg(pid, signal.SIGTERM)
    for _tenth in range(300):
        if pid_of(name) is None:
            return
        time.sleep(0.1)
    os.killpg(pid, signal.SIGKILL)


def systemctl(words: list[str]) -> None:
    options = [word for word in words if word.startswith("-")]
    verb, *names = [word for word in words if word not in options]
    if not all((UNITS / f"{name}.service").exists() for name in names):
        os.execv("/usr/bin/systemctl", ["systemctl", *words])
    if verb in ("stop", "restart"):
        for name in names:
            stop(name)
    if verb in ("start", "restart"):
        for name in names:
            start(name)
    if verb == "show":
        [asked] = [o.partition("=")[2] for o in options if o.startswith("--property=")]
        sys.stdout.write(service(names[0]).get(asked, "") + "\n")
    if verb in ("enable", "daemon-reload"):
        os.execv("/usr/bin/systemctl", ["systemctl", *words])


def systemd_run(words: list[str]) -> None:
    options = [word for word in words if word.startswith("--")]
    # The first word that is no option begins the command, whose own may follow.
    first = next(n for n, word in enumerate(words) if not word.startswith("--"))
    said = dict(
        option.removeprefix("--property=").split("=", 1)
        for option in options[:first]
        if option.startswith("--property=")
    )
    os.chdir(said["WorkingDirectory"])
    program, *rest = command(said, *words[first:])
    os.execvpe(program, [program, *rest], environment(said["EnvironmentFile"]))


if __name__ == "__main__":
    run = systemd_run if sys.argv[0].endswith("systemd-run") else systemctl
    run(sys.argv[1:])
