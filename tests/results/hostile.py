"""Hostile and awkward files: a set of our own, the shared one where it is there, and a measure of what reading each costs.

`python -m tests.results.hostile FOLDER` reads every file of a folder in a child process of its own and prints a line of
JSON for each: outcome, seconds of the processor, growth of the memory in MB.
"""

import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from results.importers import sniff
from results.importers.records import FileRefused
from tests.results import hostile_pdf
from tests.shared import SHARED

MAKER = SHARED / "checks" / "hostile_files.py"
PROJECT = Path(__file__).parent.parent.parent
HEAD = "pos;nr;fahrer;team;runden;zeit;abstand\n"
OK = f"{HEAD}1;44;Müller;A;57;1:32:15.123;\n2;7;Groß;B;57;;+2.345\n3;9;O'Brien;C;56;;+1 Rd.\n"


def make_own(folder):
    """A small set under the names of the shared one, so that one table of expectations serves both."""
    folder.mkdir(parents=True)
    texts = {
        "ok_utf8.csv": OK, "ok_utf8_bom.csv": "\ufeff" + OK, "ok_mac.csv": OK.replace("\n", "\r"),
        "quoted_newline.csv": OK + '4;1;"Zeile1\nZeile2";D;56;;+1 Rd.\n', "nul.csv": OK + "4;5;Nul\0l;D;56;;+1 Rd.\n",
        "overlong.csv": OK + "4;5;" + "A" * 1_000_000 + ";D;56;;+1 Rd.\n",
        "abstand_negativ.csv": OK.replace("+2.345", "-2.345"), "pos_doppelt.csv": OK.replace("3;9;", "2;9;"),
        "pos_luecke.csv": OK.replace("3;9;", "5;9;"), "nr_doppelt.csv": OK.replace("3;9;", "3;7;"),
        "sieger_mehr_runden.csv": OK.replace("3;9;O'Brien;C;56", "3;9;O'Brien;C;60"),
        "summe_falsch.csv": "pos;fahrer;punkte_r1;punkte_r2;gesamt\n1;Müller;25;18;44\n", "leer.csv": "", "nur_kopf.csv": HEAD,
        "formel.csv": OK + "4;5;=cmd|'/C calc'!A0;@SUM(1+1);56;;+1 Rd.\n5;6;+49 170;-1+2;56;;\t=1\n",
        "html_in_name.csv": OK + "4;5;<img src=x onerror=window.__xss=1>;D;56;;+1 Rd.\n",
        "bidi.csv": OK + "4;5;abc\u202edef\u200b;D;56;;+1 Rd.\n", "breit.csv": ";".join(f"c{place}" for place in range(50_000)) + "\n",
        "lone_surrogate.json": '[{"pos":1,"fahrer":"\\ud800"}]', "tief.xml": "<rss>" + "<a>" * 50_000 + "</a>" * 50_000 + "</rss>",
        "laughs.xml": '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><title>&b;</title></rss>',
        "redos_zeit.csv": f"{HEAD}1;1;{' ' * 100_000}x;A;5;{'1:' * 50_000};\n",
        "ueberlappend.csv": "serie;titel;start;ende\nGT;Rennen 24h;2026-10-24 16:00;2026-10-25 16:00\nGT;Doppelt;2026-10-25 02:30;2026-10-25 03:30\nGT;Lücke;2026-03-29 02:30;2026-03-29 04:00\n",
    }  # fmt: skip
    times = {"1_60": "1:60.000", "neg": "-1:20.000", "nan": "NaN", "exp": "1e9", "huge": "999999999:00:00.000", "micro": "1:20.1234567", "arab": "١:٢٠.٠٠٠", "komma": "1:20,123"}  # fmt: skip
    texts |= {f"zeit_{name}.csv": f"{HEAD}1;44;Müller;A;57;{value};\n" for name, value in times.items()}
    contents = {name: text.encode() for name, text in texts.items()}
    contents["ok_cp1252.csv"], contents["ok_utf16.csv"] = OK.encode("cp1252"), OK.encode("utf-16")
    contents["broken_utf8.csv"] = OK.encode() + b"4;5;\xff\xfe\xc3;D;56;;+1 Rd.\n"
    contents["kein.xlsx"] = b"PK\3\4 not a zip"
    contents["bombe.zip"] = zipped(("a.csv", b"0" * 100_000_000))
    contents["bombe_nested.zip"] = zipped(("0.zip", zipped(("a.csv", b"0"))))
    contents["traversal.zip"] = zipped(("../../etc/cron.d/x", b"x"))
    contents["bombe.xlsx"] = zipped(
        ("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", b"<si/>" * 20_000_000)
    )
    hostile_pdf.make(folder)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def make_shared(folder):
    """The set of the abuse plan, the sparse file of 2 GB and the one of 100,000 rows included."""
    subprocess.run([sys.executable, MAKER, folder, "--big"], check=True, capture_output=True)
    return folder


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def measured(folder):
    """What became of every file of the folder, by name; each is read in a process that knows only that one."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.results.hostile", folder], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    return {outcome["name"]: outcome for outcome in map(json.loads, ran.stdout.splitlines())}


def _outcome(path):
    began, begun, before = time.monotonic(), time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = {"refused": "", "rejected": [], "doubts": [], "rows": 0, "names": []}
    try:
        parsed = sniff.parse(path.read_bytes(), name=path.name)
        said["rejected"] = [(problem.line, problem.column, problem.reason) for problem in parsed.rejected[:20]]
        said["doubts"] = [problem.reason for problem in parsed.doubts[:20]]
        found = [row for session in parsed.sessions for row in session.classification or ()]
        said["rows"] = len(found)
        said["names"] = [one.last_name for row in found[:10] for one in row.drivers]
    except FileRefused as refusal:
        said["refused"] = str(refusal)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    return {"name": path.name, **said, "seconds": time.process_time() - begun, "grown": grown} | {
        "took": time.monotonic() - began,
        "helper": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def main(folder):
    sniff.formats()  # the parsers are loaded before anything is measured
    for path in sorted(Path(folder).iterdir()):
        if path.stat().st_size > 2**28:
            continue  # the command looks at the size before it reads
        sys.stdout.flush()
        child = os.fork()
        if not child:
            sys.stdout.write(json.dumps(_outcome(path)) + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1])
