"""Files with a few bytes changed, as transfers and editors damage them."""

import random
from collections.abc import Iterable, Iterator

SCRAPS = [b'"', b"{", b"}", b"[", b"]", b",", b"<", b">", b"&", b"\n", b"\x00", b"\x81", b"-1", b"99999999999", b"null", b"1:60.000", b"NaN"]  # fmt: skip


def mutants(sources: Iterable[bytes], *, each: int, seed: int) -> Iterator[bytes]:
    """`each` damaged copies of every source; the same ones for the same seed."""
    dice = random.Random(seed)
    for source in sources:
        for _ in range(each):
            data = bytearray(source)
            for _ in range(dice.randint(1, 5)):
                _damage(data, dice)
            yield bytes(data)


def _damage(data: bytearray, dice: random.Random) -> None:
    place, end = dice.randrange(len(data)), dice.randrange(len(data))
    change = dice.randrange(4)
    if change == 0:
        data[place] = dice.randrange(256)
    elif change == 1:
        del data[place : place + dice.randint(1, 40)]
    elif change == 2:
        data[place:place] = data[end : end + 60]
    else:
        data[place : place + 1] = dice.choice(SCRAPS)
