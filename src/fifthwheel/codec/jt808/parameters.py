"""Terminal parameters of 0x0104 and 0x8103: JT/T 808-2019 table 12, JT/T 1078-2016 table 2, T/JSATL 12-2017 and DB44."""

from __future__ import annotations

from typing import Final

from fifthwheel.codec.jt808.layout import Layout, number, packed, raw, text, u8, u16, u32, variants

_TEXT: Final = {
    **dict(enumerate(("apn", "apn_user", "apn_password", "server"), 0x10)),
    **dict(enumerate(("backup_apn", "backup_apn_user", "backup_apn_password", "backup_server"), 0x14)),
    **{0x1A: "ic_card_server", 0x1D: "ic_card_backup_server"},
    **dict(enumerate(("second_apn", "second_apn_user", "second_apn_password", "second_server"), 0x23)),
    **dict(enumerate(("platform_phone", "reset_phone", "factory_reset_phone", "platform_sms", "alarm_sms"), 0x40)),
    **{0x48: "listen_phone", 0x49: "privileged_sms", 0x83: "plate"},
}
_U32: Final = {
    **dict(enumerate(("heartbeat_interval_s", "tcp_timeout_s", "tcp_retries", "udp_timeout_s", "udp_retries"), 0x01)),
    **{0x06: "sms_timeout_s", 0x07: "sms_retries", 0x18: "tcp_port", 0x19: "udp_port"},
    **{0x1B: "ic_card_tcp_port", 0x1C: "ic_card_udp_port", 0x20: "report_strategy", 0x21: "report_scheme"},
    **{0x22: "report_interval_logged_out_s", 0x27: "report_interval_asleep_s", 0x28: "report_interval_emergency_s"},
    **{0x29: "report_interval_s", 0x2C: "report_distance_m", 0x2D: "report_distance_logged_out_m"},
    **{0x2E: "report_distance_asleep_m", 0x2F: "report_distance_emergency_m", 0x30: "corner_angle_deg"},
    **{0x45: "answer_strategy", 0x46: "longest_call_s", 0x47: "longest_call_month_s"},
    **dict(enumerate(("alarm_mask_bits", "alarm_sms_bits", "alarm_photo_bits", "alarm_store_bits", "alarm_key_bits"), 0x50)),
    **dict(enumerate(("speed_limit_kmh", "overspeed_duration_s", "longest_drive_s", "longest_drive_day_s"), 0x55)),
    **{0x59: "shortest_rest_s", 0x5A: "longest_parking_s", 0x64: "timed_photo_bits", 0x65: "distance_photo_bits"},
    **dict(enumerate(("image_quality", "brightness", "contrast", "saturation", "chroma"), 0x70)),
    **{0x93: "gnss_sampling_s", 0x95: "gnss_upload_setting", 0x100: "can_1_sampling_ms", 0x102: "can_2_sampling_ms"},
}
_U16: Final = {
    **{0x31: "fence_radius_m", 0x5C: "fatigue_warning_margin_s", 0x5D: "collision_setting", 0x5E: "rollover_angle_deg"},
    **{0x81: "province", 0x82: "city", 0x101: "can_1_upload_s", 0x103: "can_2_upload_s"},
}
_U8: Final = {
    0x84: "plate_color",
    0x90: "gnss_systems_bits",
    0x91: "gnss_baud",
    0x92: "gnss_output_rate",
    0x94: "gnss_upload_mode",
}

_SAFETY_HEAD: Final[Layout] = (
    *u8("speed_threshold_kmh", "warning_volume", "photo_strategy"),
    *u16("photo_interval_s", "photo_distance_100m"),
    *u8("photos_per_trigger", "photo_gap_100ms", "photo_resolution", "video_resolution"),
    *u32("alarm_enable_bits", "event_enable_bits"),
)


def _stage(name: str, measures: str = "speed_kmh video_s photos photo_gap_100ms") -> Layout:
    return u8(*(f"{name}_{measure}" for measure in measures.split()))


_ADAS: Final[Layout] = (
    *_SAFETY_HEAD,
    *u8("reserved_1"),
    *_stage("obstacle", "distance_100ms speed_kmh video_s photos photo_gap_100ms"),
    *_stage("lane_changes", "period_s count speed_kmh video_s photos photo_gap_100ms"),
    *_stage("lane_departure"),
    *_stage("forward_collision", "time_100ms speed_kmh video_s photos photo_gap_100ms"),
    *_stage("pedestrian", "time_100ms speed_kmh video_s photos photo_gap_100ms"),
    *_stage("headway", "distance_100ms speed_kmh video_s photos photo_gap_100ms"),
    *u8("road_sign_photos", "road_sign_photo_gap_100ms"),
)
_DRIVER: Final[Layout] = (
    *_SAFETY_HEAD,
    *u16("smoking_interval_s", "phone_interval_s"),
    raw("reserved_1", 3),
    *_stage("fatigue"),
    *_stage("phone"),
    *_stage("smoking"),
)
_DRIVER_JSATL: Final[Layout] = (
    *_DRIVER,
    *_stage("distraction", "speed_kmh photos photo_gap_100ms"),
    *_stage("abnormal", "video_s photos photo_gap_100ms"),
    *u8("identification_trigger"),
    raw("reserved_2", 2),
)
_DRIVER_DB44: Final[Layout] = (
    *_DRIVER,
    *_stage("distraction"),
    *_stage("abnormal"),
    *u8("identification_trigger", "camera_masked_speed_kmh"),
    *_stage("seat_belt"),
    *_stage("infrared_glasses"),
    *_stage("hands_off"),
    *_stage("playing_phone"),
    raw("reserved_2", 2),
)

PARAMETERS: Final[dict[int, Layout]] = {
    **{key: (text(name),) for key, name in _TEXT.items()},
    **{key: u32(name) for key, name in _U32.items()},
    **{key: u16(name) for key, name in _U16.items()},
    **{key: u8(name) for key, name in _U8.items()},
    0x32: (raw("forbidden_driving_bcd", 4),),
    0x5B: (number("overspeed_warning_margin_kmh", 2, per=10),),
    0x80: (number("odometer_km", 4, per=10),),
    **dict.fromkeys(
        range(0x110, 0x200),
        (*u32("can_sampling_ms"), packed(("can_channel", 1), ("extended_frame", 1), ("averaged", 1), ("can_id", 29))),
    ),
    0xF364: (
        variants(
            ("T/JSATL 12", (*_ADAS, raw("reserved_2", 4))),
            ("DB44", (*_ADAS, *_stage("solid_line"), *_stage("passenger_aisle"), raw("reserved_2", 4))),
        ),
    ),
    0xF365: (variants(("T/JSATL 12", _DRIVER_JSATL), ("DB44", _DRIVER_DB44)),),
    0xF366: (
        text("tyre_type", 12),
        *u16("pressure_unit", "normal_pressure", "imbalance_percent", "slow_leak_percent", "low_pressure", "high_pressure"),
        *u16("high_temperature_c", "low_battery_percent", "report_interval_s"),
        raw("reserved", 6),
    ),
    0xF367: u8("rear_time_s", "side_rear_time_s"),
}
