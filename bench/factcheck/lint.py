"""`python -m bench.factcheck.lint [--lemans results_in.csv] [--texts FOLDER…] [--list]`: the figures of the linters.

Names: all drivers and teams of our cases, and with `--lemans` everybody who drove at Le Mans (columns `Drivers`, `Team`).
Printed are the remarks on all cases beside their own sheet, on further texts beside no sheet, the slips found and left
alone by where they stand, strangers taken for somebody of the register, and how long 10 kB take.
"""

import argparse
import csv
import gc
import random
import time
from collections import Counter
from pathlib import Path

from articles.factcheck.facts import Driver
from articles.factcheck.lint.linters.names import lint as lint_names
from articles.factcheck.lint.piece import Piece, Starters
from articles.factcheck.lint.register import Register
from articles.factcheck.lint.remark import Kind
from articles.factcheck.lint.run import lint
from articles.factcheck.sheet import FactSheet
from bench.factcheck.register import large_case
from bench.factcheck.scoring import CASES, load

MAKES = ("Audi", "BMW", "Mercedes-Benz", "Porsche", "Ferrari", "Lamborghini", "McLaren", "Aston Martin", "Bentley", "Nissan", "Toyota", "Peugeot", "Alpine", "Cadillac", "Chevrolet", "Jaguar", "Renault", "Lexus", "Honda", "Acura")  # fmt: skip
CIRCUITS = ("Nürburgring", "Circuit de Spa-Francorchamps", "Hockenheimring", "Silverstone Circuit", "Circuit Park Zandvoort", "Norisring", "Lausitzring", "Sachsenring", "Motorsport Arena Oschersleben", "Autodromo Nazionale Monza", "Misano World Circuit", "Circuit Zolder", "Daytona International Speedway", "Sebring International Raceway", "Fuji Speedway", "Bahrain International Circuit")  # fmt: skip
SLIPS = ("swap", "drop", "double", "replace")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.factcheck.lint", description=__doc__)
    parser.add_argument("--lemans", type=Path)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--list", action="store_true")
    wanted = parser.parse_args()
    cases = [case for folder in (CASES / "gold", CASES, CASES / "held") for case in load(folder)]
    sheets = [Starters.of(FactSheet.from_records(case["data"])) for case in cases]
    crews = [crew for sheet in sheets for crew in sheet.crews]
    drivers, teams = {one for crew in crews for one in crew.drivers}, {crew.team for crew in crews if crew.team}
    everybody = read_lemans(wanted.lemans) if wanted.lemans else ([], [])
    register = Register(tuple({*drivers, *everybody[0]}), tuple({*teams, *everybody[1]}), MAKES, CIRCUITS)
    print(f"register: {len(register.drivers)} drivers, {len(register.teams)} teams")
    own = [(case["id"], Piece(case["body"], register, sheet)) for case, sheet in zip(cases, sheets, strict=True)]
    show("cases beside their own sheet", own, is_listed=wanted.list)
    others = [
        (f"{case['id']}/{other['id']}", Piece(case["body"], register, sheet))
        for case in cases
        for other, sheet in zip(cases, sheets, strict=True)
        if case is not other
    ]
    show("cases beside the sheets of all others", others, is_listed=False)
    texts = [
        (path.name, Piece(read(path), register)) for folder in wanted.texts for path in sorted(folder.glob("*.txt"))
    ]
    show("further texts beside no sheet", texts, is_listed=wanted.list)
    print_slips(cases, sheets, register, is_listed=wanted.list)
    if everybody[0]:
        print_strangers(everybody[0], register.teams)
    print_speed()


def read(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def read_lemans(path: Path) -> tuple[list[Driver], list[str]]:
    people, teams = {}, set()
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source, delimiter=";"):
            teams.add(row["Team"])
            for name in map(str.strip, row["Drivers"].split("|")):
                first, _, last = name.partition(" ")
                if last:
                    people[name] = Driver(first, last)
    return list(people.values()), sorted(teams)


def show(name: str, pieces: list[tuple[str, Piece]], *, is_listed: bool) -> None:
    found = [(label, remark) for label, piece in pieces for remark in lint(piece)]
    kinds = Counter(str(remark.kind) for _label, remark in found)
    print(f"== {name}: {len(pieces)} texts, {len(found)} remarks {dict(kinds)}")
    for label, remark in found if is_listed else []:
        print(f"   {label} {remark.kind} „{remark.text}“ → {remark.suggestion}: {remark.why}")


def slipped(word: str, how: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    if how == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if how == "drop":
        return word[:at] + word[at + 1 :]
    if how == "double":
        return word[: at + 1] + word[at:]
    return word[:at] + dice.choice("abcdefghiklmnoprstuvwz") + word[at + 1 :]


def print_slips(cases: list, sheets: list[Starters], register: Register, *, is_listed: bool) -> None:
    """One last name a time gets a slip, wherever it stands."""
    dice = random.Random(5)
    right, wrong, total, elsewhere = Counter(), Counter(), Counter(), 0
    for case, sheet in zip(cases, sheets, strict=True):
        body = case["body"]
        before = {(one.text, one.suggestion) for one in lint_names(Piece(body, register, sheet))}
        for driver in dict.fromkeys(one for crew in sheet.crews for one in crew.drivers):
            word = driver.last.split()[-1]
            at = body.find(word)
            while at >= 0 and len(word) > 4 and word.isalpha():
                context = (
                    "first name" if body[:at].endswith(driver.first + " ") else "crew" if "/" in body[at - 1] + body[at + len(word)] else "alone"
                )  # fmt: skip
                how = dice.choice(SLIPS)
                other = slipped(word, how, dice)
                if other != word:
                    text = body[:at] + other + body[at + len(word) :]
                    found = list(lint_names(Piece(text, register, sheet)))
                    here = [one for one in found if one.start == at]
                    total[context] += 1
                    if is_listed and not here:
                        print(f"   left alone, {context}: {text[max(at - 30, 0) : at + len(other) + 20]!r} for {word}")
                    right[context] += any((one.suggestion or "").startswith(word) for one in here)
                    wrong[context] += any(not (one.suggestion or "").startswith(word) for one in here)
                    elsewhere += any((one.text, one.suggestion) not in before for one in found if one.start != at)
                at = body.find(word, at + 1)
    for context, number in total.items():
        print(
            f"   slip in a last name, {context}: {right[context]} of {number} put right"
            f" ({100 * right[context] / number:.1f} %), {wrong[context]} put wrong"
        )
    print(f"   {elsewhere} other remarks came with them")


def print_strangers(people: list[Driver], teams: tuple[str, ...]) -> None:
    """Half of the names against the other half: whoever is remarked on there is taken for somebody else."""
    dice = random.Random(1)
    mixed = sorted(people, key=lambda driver: driver.name)
    dice.shuffle(mixed)
    half = len(mixed) // 2
    register = Register(tuple(mixed[:half]), teams, MAKES, CIRCUITS)
    found = [
        (driver.name, remark)
        for driver in mixed[half:]
        for remark in lint(Piece(f"Am Ende gewann {driver.name} vor dem Feld.", register))
        if remark.kind is not Kind.ACCENT
    ]
    print(f"== {len(mixed) - half} strangers beside a register of {half}: {len(found)} remarks")
    for name, remark in found:
        print(f"   {name}: {remark.why}")


def print_speed() -> None:
    print("== speed (10,000 drivers in the register and none at the event, then 10,000 starters)")
    for factor in (1, 10, 100):
        text, data = large_case(factor)
        starters = Starters.of(FactSheet.from_records(data))
        drivers = tuple(dict.fromkeys(driver for crew in starters.crews for driver in crew.drivers))
        began = time.process_time()
        register = Register(drivers, (), MAKES, CIRCUITS).prepared()
        prepared = time.process_time() - began
        spent = []
        for piece in (Piece(text, register), Piece(text, register, starters)):
            gc.collect()  # what the figures before left behind is not theirs
            began = time.process_time()
            lint(piece)
            spent.append(time.process_time() - began)
        print(
            f"   {len(text.encode()) / 1000:.0f} kB: {1000 * spent[0]:.1f} ms, {1000 * spent[1]:.1f} ms;"
            f" register made ready in {1000 * prepared:.1f} ms"
        )


if __name__ == "__main__":
    main()
