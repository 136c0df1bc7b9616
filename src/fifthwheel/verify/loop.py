"""Blocks wired to each other are a block again: a control unit with its plant, to run, measure and deliver like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np

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
    plain = {one.name: one.name.rpartition(".")[2] for one in inputs if one.name not in sources}
    free = tuple({plain[one.name]: one for one in reversed(inputs) if one.name in plain}.values())[::-1]
    shared = {plain[one.name]: index for index, one in enumerate(free)}
    fed = {one.name: len(free) + index for index, one in enumerate(outputs)}
    runs = _Wiring(
        blocks=tuple(blocks), every=[round(count) for count in every],
        reads=[fed[sources[one.name]] if one.name in sources else shared[plain[one.name]] for one in inputs],
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


class _Wiring:
    """The step of a loop; its state is the running blocks and how many steps were made.

    `reads` says where each input of each block stands in the loop's inputs and outputs laid end to end.
    """

    def __init__(self, *, blocks: tuple[Block, ...], every: list[int], reads: list[int]) -> None:
        self.blocks, self.every = blocks, every
        self.reads = [np.array(reads[place], dtype=np.intp) for place in _slices([len(one.inputs) for one in blocks])]
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
            one.inputs[:] = np.concatenate((inputs, outputs))[self.reads[index]]
            one.parameters[:] = parameters[self.parameters[index]]
            one.step()
            outputs[self.outputs[index]] = one.outputs
        made[0] += 1


def _slices(sizes: Sequence[int]) -> list[slice]:
    return [slice(first, last) for first, last in pairwise(accumulate(sizes, initial=0))]
