"""Position (0x0200 body) and its items.

Sources: JT/T 808-2019 clause 8.18, JT/T 1078-2016 (items 14 to 18), T/JSATL 12-2017 and its Guangdong form DB44 (64 to 70).
"""

from __future__ import annotations

from typing import Final

from fifthwheel.codec.jt808.layout import (
    Field,
    Layout,
    coordinate,
    count,
    each,
    flags,
    items,
    number,
    optional,
    packed,
    raw,
    text,
    time,
    u8,
    u16,
    u32,
    variants,
)

ALARMS: Final = (
    *("emergency", "overspeed", "fatigue", "danger", "gnss_fault", "gnss_antenna_open", "gnss_antenna_short"),
    *("supply_undervoltage", "supply_lost", "display_fault", "tts_fault", "camera_fault", "ic_card_fault"),
    *("overspeed_warning", "fatigue_warning", "forbidden_driving", "tyre_pressure", "right_turn_blind_spot"),
    *("daily_driving_overtime", "parking_overtime", "area", "route", "section_time", "route_deviation", "vss_fault"),
    *("fuel_level", "stolen", "illegal_ignition", "illegal_displacement", "collision", "rollover", "illegal_door"),
)
"""Alarm bits 0 to 31; 15 to 17 since 2019 (15 was reserved before)."""

STATUS: Final = {
    **dict(enumerate(("acc_on", "fix_valid", "south", "west", "out_of_service", "position_encrypted"))),
    **dict(enumerate(("forward_collision_warning", "lane_departure_warning", "load_bit_0", "load_bit_1"), 6)),
    **dict(enumerate(("fuel_cut", "electric_cut", "door_locked"), 10)),
    **dict(enumerate(("front_door_open", "middle_door_open", "rear_door_open", "driver_door_open", "custom_door_open"), 13)),
    **dict(enumerate(("gps", "beidou", "glonass", "galileo", "moving"), 18)),
}
"""Status bits; load: 0 empty, 1 half, 3 full; 6, 7 and 22 since 2019."""

SIGNALS: Final = (
    *("low_beam", "high_beam", "right_turn", "left_turn", "brake", "reverse", "fog_light", "clearance_light", "horn"),
    *("air_conditioner", "neutral", "retarder", "abs", "heater", "clutch"),
)
VIDEO_ALARMS: Final = (
    *("signal_lost", "signal_masked", "storage_fault", "other_fault", "overcrowded", "abnormal_driving", "storage_full"),
)
CHANNELS: Final = tuple(f"channel_{number}" for number in range(1, 33))

FIX: Final[Layout] = (
    flags("alarm", 4, ALARMS),
    flags("status", 4, STATUS),
    coordinate("latitude_deg", ("status_bits", 2)),
    coordinate("longitude_deg", ("status_bits", 3)),
    *u16("altitude_m"),
    number("speed_kmh", 2, per=10),
    *u16("direction_deg"),
    time("time"),
)
"""The fixed 28 bytes."""

VEHICLE_STATES: Final = {0: "acc_on", 1: "left_turn", 2: "right_turn", 3: "wiper", 4: "brake", 5: "card", 10: "fix_valid"}
TYRE_ALARMS: Final = ("timed", "high", "low", "hot", "sensor", "imbalance", "slow_leak", "battery")


def alarm_id(terminal_size: int, reserved_size: int) -> Layout:
    """Alarm identification: 16 bytes in T/JSATL 12 (7, 1), 40 in DB44 (30, 2)."""
    return (
        text("alarm_terminal_id", terminal_size),
        time("alarm_id_time"),
        *u8("alarm_sequence", "attachment_count"),
        raw("alarm_reserved", reserved_size),
    )


_PLACE: Final[Layout] = (
    *u8("vehicle_speed_kmh"),
    *u16("alarm_altitude_m"),
    coordinate("alarm_latitude_deg"),
    coordinate("alarm_longitude_deg"),
    time("alarm_time"),
    flags("vehicle_state", 2, VEHICLE_STATES),
)


def safety(*middle: Field, ends: tuple[Layout, Layout] = ((), ())) -> Layout:
    """An active-safety item: number, flag, `middle`, where and when, alarm id and its end, in the two regional forms."""
    head = (*u32("alarm_number"), *u8("flag_state"), *middle, *_PLACE)
    return (variants(("T/JSATL 12", (*head, *alarm_id(7, 1), *ends[0])), ("DB44", (*head, *alarm_id(30, 2), *ends[1]))),)


def _tyres(position_size: int) -> Layout:
    tyre = (
        number("tyre_position", position_size),
        flags("tyre_alarm", 2, TYRE_ALARMS),
        *u16("tyre_pressure_kpa", "tyre_temperature_c", "sensor_battery_percent"),
    )
    return (count("tyre_count", 1, "tyres"), each("tyres", tyre, of="tyre_count"))


ITEMS: Final[dict[int, Layout]] = {
    0x01: (number("odometer_km", 4, per=10),),
    0x02: (number("fuel_l", 2, per=10),),
    0x03: (number("recorder_speed_kmh", 2, per=10),),
    0x04: u16("alarm_event_id"),
    0x05: (each("tyre_pressure_raw", u8("")),),
    0x06: (number("cargo_temperature_c", 2, signed=True),),
    0x11: (*u8("overspeed_place_type"), optional("overspeed_place_id", *u32("overspeed_place_id"))),
    0x12: (*u8("area_type"), *u32("area_id"), *u8("area_direction")),
    0x13: (*u32("section_id"), *u16("section_time_s"), *u8("section_result")),
    0x14: (flags("video_alarm", 4, VIDEO_ALARMS),),
    0x15: (flags("video_lost_channels", 4, CHANNELS),),
    0x16: (flags("video_masked_channels", 4, CHANNELS),),
    0x17: (flags("storage_fault", 2, ()),),
    0x18: (flags("abnormal_driving", 2, ("fatigue", "phone", "smoking")), optional("fatigue_degree", *u8("fatigue_degree"))),
    0x25: (flags("vehicle_signal", 4, SIGNALS),),
    0x2A: (flags("io_state", 2, ("deep_sleep", "sleep")),),
    0x2B: (packed(("analog_1", 16), ("analog_0", 16)),),
    0x30: u8("signal_strength"),
    0x31: u8("satellites"),
    0x64: safety(
        *u8("adas_type", "alarm_level", "front_vehicle_speed_kmh", "front_time_gap_100ms"),
        *u8("deviation_type", "road_sign_type", "road_sign_value"),
    ),
    0x65: safety(*u8("driver_alarm_type", "alarm_level", "fatigue_degree"), raw("reserved", 4)),
    0x66: safety(ends=(_tyres(1), _tyres(2))),
    0x67: safety(*u8("blind_spot_type")),
    0x70: safety(*u8("intense_driving_type"), *u16("time_threshold_s", "threshold_1", "threshold_2")),
}

POSITION: Final[Layout] = (*FIX, items("items", 1, ITEMS))
"""Body of 0x0200."""
