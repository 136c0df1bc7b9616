"""Duties from tables: units, what is refused and how, examples, round trip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fifthwheel.choose import duty as duties
from fifthwheel.choose.duty import Return, changed, from_table, read, table_of
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.body import BodyKind

PLAIN: dict[str, Any] = {"road": {"mission": "coal-yanzhou-linyi"}, "cargo": {"kind": "coal"}}


def test_human_units_become_si() -> None:
    table = PLAIN | {
        "cargo": {"kind": "coal", "payload_t": 31.5, "drops": [{"share_percent": 40, "end": "front"}]},
        "work": {"distance_day_km": 450, "temperature_c": -5},
        "limits": {"start_grade_percent": 14, "climb_speed_kmh": 36, "trip_h": 2.5},
        "supply": {"swap_min": 5, "public_kw": 360},
    }
    found = from_table(table)
    assert found.cargo.mass_kg == 31_500.0
    assert found.cargo.drops[0].share_ratio == pytest.approx(0.4)
    assert found.distance_day_m == 450e3
    assert found.temperature_k == pytest.approx(268.15)
    assert found.limits.start_grade_ratio == pytest.approx(0.14)
    assert found.limits.climb_speed_mps == pytest.approx(10.0)
    assert found.limits.trip_s == 9000.0
    assert (found.supply.swap_s, found.supply.public_w) == (300.0, 360e3)


def test_defaults_are_those_of_the_record() -> None:
    found = from_table(PLAIN)
    assert found.back is Return.EMPTY
    assert found.cargo.bodies[0] is BodyKind.TIPPER
    assert found.limits == duties.Limits()
    assert found.supply == duties.Supply()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"cargo": {"kind": "coal", "payload_t": 1e6}}, ["cargo.payload_t", "1e+06 t", "0.1 to 120 t"]),
        ({"cargo": {"kind": "coal", "payload_t": "30 t"}}, ["cargo.payload_t", "'30 t'", "0.1 to 120 t"]),
        ({"cargo": {"kind": "coal", "payload_t": float("nan")}}, ["cargo.payload_t", "nan"]),
        ({"cargo": {"kind": "caol"}}, ["caol", "coal"]),
        ({"cargo": {"kind": "coal", "payload": 30}}, ["payload", "payload_t"]),
        ({"cargo": {"kind": "coal", "drops": [{"share_percent": 140}]}}, ["cargo.drops", "140", "100 %"]),
        ({"road": {"mission": "coal-yanzhou-linyi", "back": "sideways"}}, ["sideways", "empty, laden, none"]),
        ({"road": {}}, ["road.mission"]),
        ({"road": "coal-yanzhou-linyi"}, ["[road]"]),
        ({"limits": {"start_grade_percent": True}}, ["limits.start_grade_percent", "0 to 40 %"]),
        ({"prices": {"deisel": 7}}, ["deisel", "diesel"]),
        ({"prices": {"diesel": -1}}, ["prices.diesel", "CNY/L"]),
        ({"tractors": "tractor-diesel-6x4"}, ["tractors", "list"]),
        ({"speed": 80}, ["speed"]),
    ],
)
def test_what_is_not_accepted_says_key_value_and_what_is(table: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        from_table(PLAIN | table)
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize("name", sorted(duties.examples()))
def test_examples_survive_the_way_through_their_table(name: str) -> None:
    found = read(name)
    assert from_table(table_of(found)) == found
    assert found.title_zh != found.title_en


def test_every_kind_of_cargo_has_titles_bodies_and_a_source() -> None:
    for kind, row in duties.cargoes().items():
        found = from_table(PLAIN | {"cargo": {"kind": kind}}).cargo
        assert found.bodies
        assert found.density_kgpm3 > 0.0
        assert row["source"]
        assert found.title_zh


def test_a_table_from_the_network_opens_no_file() -> None:
    with pytest.raises(InputError, match="is a file"):
        from_table(PLAIN | {"road": {"mission": "/etc/secrets.csv"}})
    with pytest.raises(InputError, match="is a file"):
        from_table(PLAIN | {"region": "../own.toml"})


def test_a_road_file_stands_beside_its_mission(tmp_path: Path) -> None:
    path = tmp_path / "haul.toml"
    path.write_text('[road]\nmission = "way.csv"\n[cargo]\nkind = "coal"\n', encoding="utf-8")
    assert read(path).road == str(tmp_path / "way.csv")
    assert read(path).name == "haul"


def test_a_missing_file_and_an_unknown_example_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read(tmp_path / "nowhere.toml")
    with pytest.raises(UnknownName, match="trunk-30t"):
        read("trunk-30")


def test_a_change_is_held_to_what_is_accepted() -> None:
    found = from_table(PLAIN)
    assert changed(found, {"mass_kg": 25e3, "years": None}, {"diesel": 8.0}).prices == {"diesel": 8.0}
    with pytest.raises(InputError, match=r"work\.years: 40 year; 1 to 15 year"):
        changed(found, {"years": 40.0}, {})
