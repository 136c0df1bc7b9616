"""Linear single-track analysis of tractor and semi-trailer at constant speed: gains, eigenvalues, amplification, push stability.

States are ``[v, r1, r2, gamma]``: lateral speed of the tractor's centre of mass, yaw rates, and articulation (tractor's heading
less the trailer's). With lengths a (`steer_m`), b (`drive_m`), h (`hitch_m`), d (`kingpin_m`), e (`bogie_m`) and the lateral
coupling force ``F_h`` on the tractor eliminated::

    m1 (v' + U r1)                 = F_f + F_r + F_h
    I1 r1'                         = a F_f - b F_r - h F_h
    m2 (v' + U r1 - h r1' - d r2') = F_t - F_h + B_t gamma
    I2 r2'                         = -d F_h - e F_t - d F_x gamma
    gamma'                         = r1 - r2

where ``F_x`` > 0 is the trailer pushing on the kingpin and ``B_t`` the trailer's brake force. Source: classic single-track theory
(Ellis, Vehicle Handling Dynamics; Pacejka, Tire and Vehicle Dynamics, 1.5), with the reference set of openvd @c337569.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.rig import Group, Rig

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One eigenvalue (of a pair, the one with positive imaginary part): rad/s, share of critical damping, and undamped Hz."""

    real_radps: float
    imaginary_radps: float
    damping_ratio: float
    frequency_hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateral:
    """How the combination answers the steering at one speed.

    Attributes
    ----------
    speed_mps : the constant speed.
    yaw_gain_radps, articulation_gain_rad, side_speed_gain_mps : steady yaw rate of the tractor, articulation and side speed
        per radian of steering.
    modes : slowest first.
    """

    speed_mps: float
    yaw_gain_radps: float
    articulation_gain_rad: float
    side_speed_gain_mps: float
    modes: tuple[Mode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amplification:
    """The greatest answer of the trailer over that of the tractor for a sine at the steering, and the frequency of it."""

    lateral_acceleration_ratio: float
    lateral_acceleration_hz: float
    yaw_rate_ratio: float
    yaw_rate_hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Forces at the kingpin that act on the linear system: `push_n` > 0 from the trailer, `trailer_brake_n` at its axles."""

    push_n: float = 0.0
    trailer_brake_n: float = 0.0


NO_PUSH = Push()


def system(rig: Rig, speed_mps: float, push: Push = NO_PUSH, *, cornering_ratio: float = 1.0) -> tuple[Floats, Floats]:
    """State matrix (4, 4) and steering column (4,) of ``x' = A x + B delta``, x = [v, r1, r2, gamma]; without a trailer [v, r1].

    Raises
    ------
    InputError : the speed is not positive.
    """
    if not speed_mps > 0.0:
        raise InputError(f"speed is {speed_mps} m/s; more than 0 m/s is accepted")
    a, b, h, d, e = rig.steer_m, rig.drive_m, rig.hitch_m, rig.kingpin_m, rig.bogie_m
    m1, m2 = rig.tractor_mass_kg, rig.trailer_mass_kg
    front, rear, trailer = (cornering_ratio * rig.cornering_n(group) for group in Group)
    U, l2 = speed_mps, d + e
    steer = np.array([front, a * front, 0.0, 0.0])
    slips = np.array([[-1.0, -a, 0.0, 0.0], [-1.0, b, 0.0, 0.0], [-1.0, h, l2, -U]]) / U
    forces = np.diag([front, rear, trailer]) @ slips
    turn = np.array([0.0, U, 0.0, 0.0])
    if not rig.towing:
        alone = np.array([forces[0] + forces[1] - m1 * turn, a * forces[0] - b * forces[1]])[:, :2]
        inertia = np.array([m1, rig.tractor_inertia_kgm2])
        return alone / inertia[:, None], steer[:2] / inertia
    brake = np.array([0.0, 0.0, 0.0, push.trailer_brake_n])
    pushed = np.array([0.0, 0.0, 0.0, d * push.push_n])
    # The hitch force on the tractor as mass times rates less forces, from the trailer's lateral balance, put into the others.
    hitch_mass = -m2 * np.array([1.0, -h, -d, 0.0])
    hitch_force = forces[2] + brake - m2 * turn
    mass = np.diag([m1, rig.tractor_inertia_kgm2, rig.trailer_inertia_kgm2, 1.0])
    mass[:3] -= np.outer([1.0, -h, -d], hitch_mass)
    load = np.array(
        [
            forces[0] + forces[1] - m1 * turn + hitch_force,
            a * forces[0] - b * forces[1] - h * hitch_force,
            -d * hitch_force - e * forces[2] - pushed,
            np.array([0.0, 1.0, -1.0, 0.0]),
        ]
    )
    return np.linalg.solve(mass, load), np.linalg.solve(mass, steer)


def modes_of(matrix: Floats) -> tuple[Mode, ...]:
    """Modes of a state matrix in rad/s, slowest (greatest real part) first, pairs once."""
    values = sorted((value for value in np.linalg.eigvals(matrix) if value.imag >= 0.0), key=lambda value: -value.real)
    return tuple(
        Mode(
            real_radps=float(value.real),
            imaginary_radps=float(value.imag),
            damping_ratio=float(-value.real / max(abs(value), 1e-12)),
            frequency_hz=float(abs(value) / (2.0 * pi)),
        )
        for value in values
    )


def lateral(rig: Rig, speed_mps: float) -> Lateral:
    """Gains and modes of the free-rolling combination at `speed_mps`."""
    matrix, steer = system(rig, speed_mps)
    side, yaw, *trailer = np.linalg.solve(matrix, -steer)
    return Lateral(
        speed_mps=speed_mps,
        yaw_gain_radps=float(yaw),
        articulation_gain_rad=float(trailer[1]) if trailer else 0.0,
        side_speed_gain_mps=float(side),
        modes=modes_of(matrix),
    )


def understeer_gradient_rad(rig: Rig) -> float:
    """Extra steering per g of lateral acceleration, rad: load over stiffness of the steered less that of the drive axles."""
    loads = rig.group_loads_n()
    return loads[Group.STEER] / rig.cornering_n(Group.STEER) - loads[Group.DRIVE] / rig.cornering_n(Group.DRIVE)


def steer_rad(rig: Rig, speed_mps: float, lateral_acceleration_mps2: float, frequency_hz: float = 0.0) -> float:
    """Amplitude of a sine at the steering (zero frequency: a held angle) for one of the tractor's lateral acceleration, rad."""
    matrix, steer = system(rig, speed_mps)
    s = 2j * pi * frequency_hz
    side, yaw = np.linalg.solve(s * np.eye(len(matrix)) - matrix, steer)[:2]
    return float(lateral_acceleration_mps2 / abs(s * side + speed_mps * yaw))


def response(rig: Rig, speed_mps: float, frequency_hz: float) -> tuple[float, float]:
    """Trailer over tractor for a sine at the steering: amplitudes of lateral acceleration (centres of mass) and of yaw rate.

    Raises
    ------
    InputError : the rig has no trailer.
    """
    if not rig.towing:
        raise InputError(f"rig {rig.name} has a trailer of {rig.trailer_mass_kg} kg; more than 0 kg is wanted")
    matrix, steer = system(rig, speed_mps)
    s = 2j * pi * frequency_hz
    side, yaw, trailer_yaw, _ = np.linalg.solve(s * np.eye(4) - matrix, steer)
    first = s * side + speed_mps * yaw
    second = first - s * (rig.hitch_m * yaw + rig.kingpin_m * trailer_yaw)
    return float(abs(second / first)), float(abs(trailer_yaw / yaw))


def rearward_amplification(rig: Rig, speed_mps: float, band_hz: tuple[float, float] = (0.05, 1.0)) -> Amplification:
    """Greatest amplification inside a band of steering frequencies."""

    def greatest(which: int) -> tuple[float, float]:
        grid = np.linspace(*band_hz, 96)
        best = float(grid[int(np.argmax([response(rig, speed_mps, one)[which] for one in grid]))])
        near = (max(best - 0.02, band_hz[0]), min(best + 0.02, band_hz[1]))
        found = minimize_scalar(lambda one: -response(rig, speed_mps, one)[which], bounds=near, method="bounded")
        return -float(found.fun), float(found.x)

    (acceleration, at_hz), (yaw, yaw_hz) = greatest(0), greatest(1)
    return Amplification(
        lateral_acceleration_ratio=acceleration, lateral_acceleration_hz=at_hz, yaw_rate_ratio=yaw, yaw_rate_hz=yaw_hz
    )


def slowest_radps(rig: Rig, speed_mps: float, push: Push = NO_PUSH, *, cornering_ratio: float = 1.0) -> float:
    """Greatest real part of the eigenvalues, rad/s; positive means unstable."""
    matrix, _ = system(rig, speed_mps, push, cornering_ratio=cornering_ratio)
    return float(np.linalg.eigvals(matrix).real.max())


def divergence_push_n(rig: Rig, speed_mps: float, *, cornering_ratio: float = 1.0, most_n: float = 1e6) -> float:
    """Push at the kingpin, N, at which the unbraked trailer folds the combination (jackknife): a real eigenvalue reaches zero.

    Raises
    ------
    InputError : it does not fold up to `most_n`.
    """

    def determinant(push_n: float) -> float:
        matrix, _ = system(rig, speed_mps, Push(push_n=push_n), cornering_ratio=cornering_ratio)
        return float(np.linalg.det(matrix))

    if determinant(0.0) * determinant(most_n) > 0.0:
        raise InputError(f"rig {rig.name} does not fold up to a push of {most_n:.0f} N; a greater most_n is wanted")
    return float(brentq(determinant, 0.0, most_n, xtol=0.1))
