"""Sets of versions as data: read, changed function by function, refused with what is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from fifthwheel.choose.version import Setup, versions
from fifthwheel.errors import InputError, UnknownName

OWN = """
title_en = "own"
title_zh = "自定"
combination = "diesel-4x2-box"
[start]
gap_m = 1.0
[[functions]]
version = "1.0"
name = "gap"
title_en = "gap"
title_zh = "间隙"
source = "measured"
price = 100.0
set = { gap_m = 0.7 }
[[functions]]
version = "2.0"
name = "cruise"
title_en = "cruise"
title_zh = "巡航"
source = "simulated"
price = 50.0
set = { predictive = true }
"""


def test_functions_act_on_top_of_each_other(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    read = versions(str(own))
    setup = read.start
    for function in read.functions:
        setup = function.upon(setup)
    assert setup == Setup(combination="diesel-4x2-box", gap_m=0.7, predictive=True, price=150.0)


def test_the_package_has_all_four_versions_in_order() -> None:
    found = [function.version for function in versions("box-49t").functions]
    assert found == sorted(found)
    assert set(found) == {"1.0", "2.0", "3.0", "4.0"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gap_m = 0.7", "gap_m = 9.0", "gap_m is 9; 0.3 to 3 is accepted"),
        ("gap_m = 0.7", 'braking = "none"', "combined"),
        ("gap_m = 0.7", "gapp_m = 0.7", "gap_m"),
        ("predictive = true", 'coordination = "magic"', "cooperative"),
        ('combination = "diesel-4x2-box"', "", "combination"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        versions(str(own))


def test_an_unknown_set_is_named_with_what_there_is() -> None:
    with pytest.raises(UnknownName, match="box-49t"):
        versions("box-50t")
