"""The registry of tools: what answers, a language model, MCP and the console may call, each with typed parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

from fifthwheel.assistant import choose_tools, energy_tools, rank_tools, state_tools, trip_tools
from fifthwheel.assistant.desk import Desk, Result
from fifthwheel.errors import InputError

__all__ = ["TOOLS", "Desk", "Result", "Tool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool: its name, a sentence in both languages, and the function, whose keyword arguments are its parameters."""

    name: str
    description_en: str
    description_zh: str
    function: Callable[..., Result]

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters, as tool-calling language models and MCP expect it."""
        schema: dict[str, Any] = self._arguments().model_json_schema()
        return schema

    def checked(self, desk: Desk, arguments: Mapping[str, Any]) -> Result:
        """Run the tool with arguments from outside (a language model, MCP, a page), checked first.

        Raises
        ------
        InputError : an argument is missing, unknown or of the wrong type.
        """
        from pydantic import ValidationError

        try:
            checked = self._arguments()(**arguments)
        except ValidationError as error:
            raise InputError(f"arguments of {self.name}: {error}") from None
        return self.function(desk, **{name: getattr(checked, name) for name in checked.model_fields_set})

    def _arguments(self) -> Any:
        from pydantic import ConfigDict, create_model

        types = get_type_hints(self.function)
        parameters = [one for one in inspect.signature(self.function).parameters.values() if one.kind is one.KEYWORD_ONLY]
        fields: dict[str, Any] = {
            one.name: (types[one.name], ... if one.default is one.empty else one.default) for one in parameters
        }
        return create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)


_TOOLS: Final = (
    ("where_is", state_tools.where_is, "车辆最新位置、是否在动、多久之前上报"),
    ("vehicle_state", state_tools.vehicle_state, "车辆最新状态：车速、电量、油量、今日里程、司机、挂车、故障"),
    ("signal_of", state_tools.signal_of, "信号表中某个信号的最新值，例如冷却液温度"),
    ("vehicles_by_status", state_tools.vehicles_by_status, "正在行驶、怠速、停驶、充电或失联的车辆"),
    ("silent_vehicles", state_tools.silent_vehicles, "长时间没有上报或从未上线的车辆"),
    ("active_faults", state_tools.active_faults, "当前存在的故障和报警"),
    ("faults_of", state_tools.faults_of, "一段时间内上报过的故障和报警"),
    ("couplings_of", state_tools.couplings_of, "哪辆车拖哪个挂车，从什么时候开始"),
    ("driver_of", state_tools.driver_of, "谁在开某辆车，或某位司机开哪辆车"),
    ("quarantine_summary", state_tools.quarantine_summary, "无法解析的数据帧，按原因计数"),
    ("fleet_overview", state_tools.fleet_overview, "车队总体情况：车辆数、在线数、今日里程、能耗和故障"),
    ("trips_of", trip_tools.trips_of, "一段时间内的行程，可按车辆、司机、地点"),
    ("activity_of", trip_tools.activity_of, "一段时间内的趟次、里程、驾驶时间、怠速和能耗合计"),
    ("unused_vehicles", trip_tools.unused_vehicles, "一段时间内没有出车的车辆"),
    ("energy_of", energy_tools.energy_of, "一段时间内从油箱和电池用掉的能量及百公里能耗"),
    ("compare", energy_tools.compare, "比较几辆车的百公里能耗，差多少，差在哪几项"),
    ("why_trip", energy_tools.why_trip, "一趟行程的能量账单，以及与同类行程的差别"),
    ("why_used", energy_tools.why_used, "一段时间内车辆或车队的能量账单，以及与同类车的差别"),
    ("account_share", energy_tools.account_share, "空气阻力、轮胎、制动、怠速等某一项占了多少能量"),
    ("choose_for", choose_tools.choose_for, "按工况选型：各种能源的最优车列及其成本"),
    ("why_not", choose_tools.why_not, "某种能源为什么不是第一名：成本差在哪、哪项校核不通过"),
    ("what_if", choose_tools.what_if, "价格变化后各种能源最优车列的成本和排名"),
    ("break_even", choose_tools.break_even, "一种能源每年跑多少公里起比另一种划算"),
    ("promise_kept", choose_tools.promise_kept, "车辆是否达到选型时承诺的能耗，差异及原因"),
    ("who_used_most", rank_tools.who_used_most, "按能耗、油耗、里程、怠速、电量等给车辆、司机、挂车或行程排名"),
)


def _tool(name: str, function: Callable[..., Result], description_zh: str) -> Tool:
    sentence = (inspect.getdoc(function) or "").partition("\n\n")[0]
    return Tool(name=name, description_en=sentence, description_zh=description_zh, function=function)


TOOLS: Final[dict[str, Tool]] = {name: _tool(name, function, zh) for name, function, zh in _TOOLS}
"""Every tool by name."""
