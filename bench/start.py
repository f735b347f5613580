"""How long `make demo` takes from nothing and the second time, until the home page answers: python -m bench.start

A fresh clone in a temporary folder, so packages, database and demo season are all made anew (packages come from pip's
cache where it has them). Beside it, as the unit of the ratios, what starting Python with Django alone takes.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = "8761"
PATIENCE_S = 600


def answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", int(PORT), timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (http.client.HTTPException, OSError):
        return False
    finally:
        connection.close()


def start_demo(checkout: Path) -> float:
    """Seconds until the home page answers; the server is stopped again."""
    began = time.perf_counter()
    server = subprocess.Popen(
        ["make", "demo", f"PORT={PORT}"],
        cwd=checkout,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers():
            if server.poll() is not None or time.perf_counter() - began > PATIENCE_S:
                raise SystemExit("make demo did not come up")
            time.sleep(0.05)
        return time.perf_counter() - began
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)
        while answers():
            time.sleep(0.1)


def start_django() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django"], check=True)
    return time.perf_counter() - began


def main() -> None:
    unit = min(start_django() for _ in range(5))
    folder = Path(tempfile.mkdtemp())
    try:
        checkout = folder / "racedesk"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(checkout)], check=True)
        cold, warm = start_demo(checkout), start_demo(checkout)
        subprocess.run(["make", "stop"], cwd=checkout, check=False, stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(folder)
    print(f"{'start':28} {'s':>7} {'x import django':>16}")
    for name, seconds in (("import django", unit), ("make demo, cold", cold), ("make demo, second time", warm)):
        print(f"{name:28} {seconds:7.2f} {seconds / unit:16.1f}")


if __name__ == "__main__":
    main()
