"""Blocks wired to each other are a block again: a control unit with its plant, to run, measure and deliver like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from fifthwheel.control.block import Block, Floats, Running, Signal
from fifthwheel.errors import InputError


def closed(name: str, blocks: Sequence[Block], wires: Mapping[str, str] | None = None) -> Block:
    """A loop of `blocks`, stepped in this order, each at its own period and with the newest outputs of the others.

    Put the control unit first: it sees the plant of the last step, the plant what the unit has just asked. The signals of the
    first block keep their names, those of the others carry their block's name and a dot. An input that no wire and no output of
    its name (of another block) feeds is an input of the loop; several of one name are one.

    Parameters
    ----------
    wires : name of an input in the loop -> name of the output that feeds it; for inputs whose source has another name.

    Raises
    ------
    InputError : periods that are no multiples of the shortest, two blocks of one name, or a wire to or from nowhere.
    """
    period_s = min(one.period_s for one in blocks)
    every = [one.period_s / period_s for one in blocks]
    if any(abs(count - round(count)) > 1e-9 for count in every):
        raise InputError(f"periods of {[one.period_s for one in blocks]} s; multiples of the shortest are accepted")
    if len({one.name for one in blocks}) < len(blocks):
        raise InputError(f"blocks {[one.name for one in blocks]} of {name}; each its own name is accepted")
    prefixes = ["", *(f"{one.name}." for one in blocks[1:])]
    outputs = _named(prefixes, [one.outputs for one in blocks])
    inputs = _named(prefixes, [one.inputs for one in blocks])
    sources = _sources(inputs, outputs, wires or {}, prefixes)
    left = [signal for signal in inputs if signal.name not in sources]
    plain = {signal.name: signal.name.rpartition(".")[2] for signal in left}
    free = tuple({plain[signal.name]: signal for signal in reversed(left)}.values())[::-1]
    places = {signal.name: index for index, signal in enumerate(outputs)}
    order = [plain[signal.name] for signal in free]
    own = {name: order.index(short) for name, short in plain.items()}
    runs = _Wiring(
        blocks=tuple(blocks), every=[round(count) for count in every],
        wired=_places(blocks, inputs, {name: places[source] for name, source in sources.items()}),
        free=_places(blocks, inputs, own),
    )  # fmt: skip
    titles = [" + ".join(getattr(one, title) for one in blocks) for title in ("title_en", "title_zh")]
    return Block(
        name=name, title_en=titles[0], title_zh=titles[1], period_s=period_s, inputs=free, outputs=outputs,
        parameters=_named(prefixes, [one.parameters for one in blocks]), begin=runs.begin, step=runs.step,
    )  # fmt: skip


def _named(prefixes: Sequence[str], signals: Sequence[tuple[Signal, ...]]) -> tuple[Signal, ...]:
    return tuple(
        replace(one, name=prefix + one.name) for prefix, group in zip(prefixes, signals, strict=True) for one in group
    )  # fmt: skip


def _sources(
    inputs: Sequence[Signal], outputs: Sequence[Signal], wires: Mapping[str, str], prefixes: Sequence[str]
) -> dict[str, str]:
    """Input -> output that feeds it: as wired, else the one output of that name in another block."""
    known = {signal.name for signal in outputs}
    wrong = [f"{source} to {name}" for name, source in wires.items() if source not in known]
    wrong += [f"{source} to {name}" for name, source in wires.items() if name not in {one.name for one in inputs}]
    if wrong:
        raise InputError(f"wires {wrong} lead to or from nowhere; outputs are {sorted(known)}")
    found = dict(wires)
    for one in inputs:
        prefix, _, plain = one.name.rpartition(".")
        same = [p + plain for p in prefixes if p.rstrip(".") != prefix and p + plain in known]
        if one.name not in found and len(same) == 1:
            found[one.name] = same[0]
    return found


def _places(blocks: Sequence[Block], inputs: Sequence[Signal], among: Mapping[str, int]) -> list[tuple[list[int], list[int]]]:
    """For each block: indices of its inputs that are in `among`, and where each is found."""
    made, first = [], 0
    for one in blocks:
        mine = inputs[first : first + len(one.inputs)]
        first += len(one.inputs)
        here = [index for index, signal in enumerate(mine) if signal.name in among]
        made.append((here, [among[mine[index].name] for index in here]))
    return made


class _Wiring:
    """The step of a loop; its state is the running blocks and how many steps were made."""

    def __init__(
        self, *, blocks: tuple[Block, ...], every: list[int], wired: list[tuple[list[int], list[int]]],
        free: list[tuple[list[int], list[int]]],
    ) -> None:  # fmt: skip
        self.blocks, self.every, self.wired, self.free = blocks, every, wired, free
        self.parameters = _slices([len(one.parameters) for one in blocks])
        self.outputs = _slices([len(one.outputs) for one in blocks])

    def begin(self, parameters: Floats) -> tuple[list[Running], list[int]]:
        """Every block at its start."""
        running = []
        for one, place in zip(self.blocks, self.parameters, strict=True):
            names = (signal.name for signal in one.parameters)
            running.append(Running(one, **dict(zip(names, parameters[place].tolist(), strict=True))))
        return running, [0]

    def step(self, state: tuple[list[Running], list[int]], inputs: Floats, parameters: Floats, outputs: Floats) -> None:
        """Step the blocks that are due."""
        running, made = state
        for index, one in enumerate(running):
            if made[0] % self.every[index]:
                continue
            here, where = self.wired[index]
            one.inputs[here] = outputs[where]
            here, where = self.free[index]
            one.inputs[here] = inputs[where]
            one.parameters[:] = parameters[self.parameters[index]]
            one.step()
            outputs[self.outputs[index]] = one.outputs
        made[0] += 1


def _slices(sizes: Sequence[int]) -> list[slice]:
    return [slice(first, last) for first, last in pairwise(accumulate(sizes, initial=0))]
