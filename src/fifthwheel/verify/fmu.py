"""A block as an FMU for co-simulation (FMI 2.0), made with pythonfmu (extra ``fmu``); the only module that touches it.

The FMU carries pythonfmu and a calibration, not this package: the Python of the importing tool must have Fifthwheel in the
version that made it, which the FMU checks when it is instantiated.
"""

from __future__ import annotations

import copy
import ctypes
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from fifthwheel import __version__
from fifthwheel.control.block import Block, Running
from fifthwheel.errors import InputError
from fifthwheel.verify import blocks, image
from fifthwheel.verify.a2l import identifier
from fifthwheel.verify.fmu_text import NEEDS, define_units, document, limits

SETTINGS: Final = "block.json"
_KINDS: Final = {"inputs": ("input", "discrete"), "outputs": ("output", "discrete"), "parameters": ("parameter", "tunable")}
_SPARE: Final = 1e-6
"""Share of a period by which a communication point may miss a sampling instant."""
_TRIED, _WIDE = 20, 1e3
"""Steps in which copying a state is tried, and the widest range that their inputs are drawn from."""
_SCRIPT: Final = """from fifthwheel.verify.fmu import slave_class

{identifier} = slave_class({identifier!r}, globals())
"""


def export(name: str, path: Path, calibration: Mapping[str, float] | None = None) -> Path:
    """Write the block called `name` (see `blocks.block`) to `path`, a ``.fmu`` file; returns it.

    Parameters
    ----------
    calibration : parameters that differ from the block's own start values.

    Raises
    ------
    UnknownName, InputError : no such block or parameter, a value out of range, a path that cannot be written, or no pythonfmu.
    """
    library = _library()
    block = blocks.block(name)
    running = Running(block, **(calibration or {}))
    if path.suffix.lower() != ".fmu":
        raise InputError(f"{path}: an FMU is written as .fmu")
    plain = identifier(block.name)
    with TemporaryDirectory() as folder:
        script, settings, documents = Path(folder, f"{plain}_fmu.py"), Path(folder, SETTINGS), Path(folder, "documentation")
        script.write_text(_SCRIPT.format(identifier=plain), encoding="utf-8")
        settings.write_text(json.dumps(_settings(name, running), ensure_ascii=False), encoding="utf-8")
        needs = Path(folder, "requirements.txt")
        needs.write_text(f"fifthwheel=={__version__}\n", encoding="utf-8")
        documents.mkdir()
        Path(documents, "index.html").write_text(document(block), encoding="utf-8")
        before = list(sys.path)
        try:
            library.FmuBuilder.build_FMU(
                script, path, project_files=[settings, needs], documentation_folder=documents,
                canGetAndSetFMUstate=_copies(block),
            )  # fmt: skip
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error}") from error
        finally:
            sys.path[:] = before
            sys.modules.pop(script.stem, None)
    return path


def slave_class(name: str, script: dict[str, object]) -> type:
    """The class that pythonfmu's wrapper instantiates, called `name`; its block is named in the FMU's own settings.

    The wrapper runs the FMU's script again for every instance and gives back a reference to the script's globals that it has
    only borrowed (0.7.0, ``findClass``); without one more here the second instance finds a freed dictionary.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(script))
    return type(name, (_Stepping, _library().Fmi2Slave), {})


def _library() -> ModuleType:
    try:
        import pythonfmu
    except ImportError as error:
        raise InputError("FMUs need the extra 'fmu' (pip install 'fifthwheel[fmu]')") from error
    found: ModuleType = pythonfmu
    return found


def _settings(name: str, running: Running) -> dict[str, object]:
    parameters = {signal.name: running[signal.name] for signal in running.block.parameters}
    return {"block": name, "version": __version__, "image": image.epk(running.block), "parameters": parameters}


def _copies(block: Block) -> bool:
    """Whether a copy of the block's state goes on as the state itself does, on inputs drawn from their ranges."""
    draw = np.random.default_rng(0)
    low, high = (np.clip([getattr(one, side) for one in block.inputs], -_WIDE, _WIDE) for side in ("low", "high"))
    one, other = Running(block), Running(block)
    try:
        for _ in range(_TRIED):
            one.inputs[:] = other.inputs[:] = draw.uniform(low, high)
            other.state = copy.deepcopy(one.state)
            one.step()
            other.step()
            if not np.array_equal(one.outputs, other.outputs, equal_nan=True):
                return False
    except Exception:  # whatever copying or stepping raises, the answer is no
        return False
    return True


class _Stepping:
    """What an FMU does; the base class of pythonfmu is added by `slave_class`.

    The block is stepped at its own period from the start of the simulation, whatever the communication steps are: a step as
    long as several periods makes several, a shorter one makes those that fall into it. Inputs are held in between.
    """

    resources: str
    vars: dict[int, Any]

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        settings = json.loads(Path(self.resources, SETTINGS).read_text(encoding="utf-8"))
        self._block = block = blocks.block(settings["block"])
        if image.epk(block) != settings["image"]:
            raise InputError(
                f"this FMU was made from {settings['image']}; installed is {image.epk(block)}: "
                f"install fifthwheel=={settings['version']}"
            )
        self._running = Running(block, **settings["parameters"])
        self._start_s = 0.0
        self._steps = 0
        self._stopped = False
        self._signals = [(kind, i, one) for kind in _KINDS for i, one in enumerate(getattr(block, kind))]
        self._describe(settings)
        for place in range(len(self._signals)):
            self._register(place)

    def _describe(self, settings: Mapping[str, str]) -> None:
        block = self._block
        self.author = "Fifthwheel"
        self.version, self.license = settings["version"], "Apache-2.0"
        self.description = f"{block.title_en} / {block.title_zh}. Steps of {block.period_s} s. Needs {NEEDS}."
        self.guid = uuid5(NAMESPACE_URL, json.dumps(settings, sort_keys=True))
        self.default_experiment = _library().DefaultExperiment(start_time=0.0, step_size=block.period_s)

    def _register(self, place: int) -> None:
        library, (kind, _, one) = _library(), self._signals[place]
        causality, variability = _KINDS[kind]
        variable = library.Real(
            one.name, causality=library.Fmi2Causality[causality], variability=library.Fmi2Variability[variability],
            initial=library.Fmi2Initial.exact if kind == "parameters" else None,
            description=f"{one.title_en} / {one.title_zh}",
        )  # fmt: skip
        self.register_variable(variable, nested=False)  # type: ignore[attr-defined]

    def get_real(self, places: list[int]) -> list[float]:
        """Values of these variables now."""
        running = self._running
        arrays = {"inputs": running.inputs, "outputs": running.outputs, "parameters": running.parameters}
        return [float(arrays[kind][index]) for kind, index, _ in (self._signals[place] for place in places)]

    def set_real(self, places: list[int], values: list[float]) -> None:
        """Give inputs or parameters new values; one out of its range is not taken, logged, and stops the simulation."""
        try:
            for place, value in zip(places, values, strict=True):
                self._running.set(**{self._signals[place][2].name: value})
        except InputError as error:
            self._stop(str(error))

    def _stop(self, reason: str) -> None:
        """Log `reason` and refuse every further step; an exception would be fatal, after which tools often crash."""
        self._stopped = True
        self.log(reason, _library().fmi2slave.Fmi2Status.error)  # type: ignore[attr-defined]

    def setup_experiment(self, start_time: float, _stop_time: float | None, _tolerance: float | None) -> None:
        """Sampling begins at `start_time`."""
        self._start_s = start_time

    def exit_initialization_mode(self) -> None:
        """The state begins from the parameters as they now stand."""
        self._running.state = self._block.begin(self._running.parameters)

    def do_step(self, current_time: float, step_size: float) -> bool:
        """Make the steps whose instants lie in ``[current_time, current_time + step_size)``; whether it could."""
        end = (current_time + step_size - self._start_s) / self._block.period_s
        try:
            while not self._stopped and self._steps < end - _SPARE:
                self._running.step()
                self._steps += 1
        except Exception as error:  # whatever the block raises ends its simulation
            self._stop(f"{self._block.name} at {self._steps * self._block.period_s} s: {error}")
        return not self._stopped

    def _get_fmu_state(self) -> dict[str, Any]:
        running = self._running
        return {"kept": copy.deepcopy((self._steps, running.state, running.inputs, running.parameters, running.outputs))}

    def _set_fmu_state(self, state: dict[str, Any]) -> None:
        running = self._running
        kept = copy.deepcopy(state["kept"])
        self._steps, running.state, running.inputs, running.parameters, running.outputs = kept

    def to_xml(self, model_options: Mapping[str, str] | None = None) -> Element:
        """The description that pythonfmu makes, with what it has no words for: units, ranges, and outputs known at the start."""
        root: Element = super().to_xml(dict(model_options or {}))  # type: ignore[misc]
        unknown = Element("InitialUnknowns")
        for place, real in enumerate(root.iter("Real")):
            kind, _, one = self._signals[place]
            real.attrib.update(limits(one))
            if kind == "outputs":
                SubElement(unknown, "Unknown", {"index": str(place + 1)})
            else:  # with all its digits, of which the library writes 16
                real.set("start", repr(self.get_real([place])[0]))
        structure = root.find("ModelStructure")
        if len(unknown) and structure is not None:
            structure.append(unknown)
        define_units(root, {one.unit for _, _, one in self._signals if one.unit})
        return root
