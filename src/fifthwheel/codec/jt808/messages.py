"""Every message of JT/T 808-2011, 2013, 2019, JT/T 1078-2016 and T/JSATL 12-2017 as a layout; unknown ids have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fifthwheel.codec.jt808.areas import ANSWERS, CIRCLES, POLYGON, RECTANGLES, ROUTE
from fifthwheel.codec.jt808.items import ALARMS, FIX, POSITION, alarm_id
from fifthwheel.codec.jt808.layout import (
    Layout,
    block,
    count,
    date,
    each,
    flags,
    items,
    number,
    optional,
    packed,
    raw,
    since_2019,
    switch,
    text,
    time,
    u8,
    u16,
    u32,
    variants,
    when,
)
from fifthwheel.codec.jt808.parameters import PARAMETERS
from fifthwheel.codec.jt808.recorder import RECORDER_DOWN, RECORDER_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A decoded body.

    Attributes
    ----------
    message_id : e.g. 0x0200.
    edition : ``2011``, ``2013`` or ``2019``, which the layout followed.
    fields : JSON-ready values; ``{"raw": hex}`` for an id without a layout. A name ends in the unit of its number.
    """

    message_id: int
    edition: str
    fields: Mapping[str, Any]


def before_2019(_: Mapping[str, Any], edition: str) -> bool:
    """Test for `when`: 2011 and 2013."""
    return edition != "2019"


def in_2011(_: Mapping[str, Any], edition: str) -> bool:
    """Test for `when`: the 2011 edition."""
    return edition == "2011"


def _by_edition(y2011: Layout, y2013: Layout, y2019: Layout) -> Layout:
    return (
        when(in_2011, *y2011),
        when(lambda _, edition: edition == "2013", *y2013),
        when(since_2019, *y2019),
    )


_PLATE: Final[Layout] = (*u8("plate_color"), text("plate"))
_AUDIO_VIDEO: Final = u8("media_type", "stream_type", "storage_type")
_MEDIA: Final[Layout] = (*u32("media_id"), *u8("media_type"))
_SPAN: Final[Layout] = (time("start_time"), time("end_time"))
_FILE: Final[Layout] = (text("file_name", prefix=1), *u8("file_type"), *u32("file_size"))
_IDS: Final[Layout] = (each("ids", u32(""), of="count"),)
_DELETED: Final[Layout] = (count("count", 1, "ids"), *_IDS)
_PACKAGES: Final[Layout] = (
    *u16("original_serial"),
    when(before_2019, count("count", 1, "package_ids")),
    when(since_2019, count("count", 2, "package_ids")),
    each("package_ids", u16(""), of="count"),
)
_PARAMETER_LIST: Final[Layout] = (count("count", 1, "parameters"), items("parameters", 4, PARAMETERS))
_SERVER: Final[Layout] = (text("server_ip", prefix=1), *u16("tcp_port", "udp_port"))

_USB_SYSTEM: Final = ("company", "product_model", "hardware_version", "software_version", "device_id", "customer_code")


def _usb(report: Layout) -> Layout:
    """T/JSATL 12: state (F7) or description (F8) of each device on the terminal's USB; other users of F7, F8 stay raw."""
    devices = (count("count", 1, "usb"), each("usb", (*u8("usb_id"), block("report", 1, report)), of="count"))
    return (variants(("T/JSATL 12", devices), ("other", (raw("data"),))),)


_TRANSPARENT_UP: Final[dict[int, Layout]] = {
    0xF7: _usb((*u8("working_state"), *u32("alarm_bits"))),
    0xF8: _usb(tuple(text(name, prefix=1) for name in _USB_SYSTEM)),
}

_DRIVER_2013: Final[Layout] = (
    *u8("card_state"),
    time("time"),
    optional(
        "read_result",
        *u8("read_result"),
        optional(
            "driver_name",
            text("driver_name", prefix=1),
            text("qualification", 20),
            text("issuer", prefix=1),
            date("valid_until"),
            when(since_2019, text("identity_card", 20)),
        ),
    ),
)
_DRIVER_2011: Final[Layout] = (
    text("driver_name", prefix=1),
    text("identity_card", 20),
    text("qualification", 40),
    text("issuer", prefix=1),
)


def _terminal(model: int, terminal_id: int, maker: int = 5) -> Layout:
    return (text("maker", maker), text("model", model), text("terminal_id", terminal_id))


def _attachments(terminal_size: int, reserved_size: int) -> Layout:
    return (
        text("terminal_id", terminal_size),
        *alarm_id(terminal_size, reserved_size),
        text("alarm_number", 32),
        *u8("information_type"),
        count("count", 1, "files"),
        each("files", (text("file_name", prefix=1), *u32("file_size")), of="count"),
    )


def _attachment_request(terminal_size: int, reserved_size: int) -> Layout:
    return (*alarm_id(terminal_size, reserved_size), text("alarm_number", 32), raw("reserved", 16))


UP: Final[dict[int, Layout]] = {
    0x0001: (*u16("reply_serial", "reply_message_id"), *u8("result")),
    0x0002: (),
    0x0003: (),
    0x0004: (),
    0x0005: _PACKAGES,
    0x0100: (
        *u16("province", "city"),
        *_by_edition(_terminal(8, 7), _terminal(20, 7), _terminal(30, 30, 11)),
        *_PLATE,
    ),
    0x0102: (
        when(before_2019, text("auth_code")),
        when(since_2019, text("auth_code", prefix=1), text("imei", 15), text("software_version", 20)),
    ),
    0x0104: (*u16("reply_serial"), *_PARAMETER_LIST),
    0x0107: (
        *u16("terminal_type_bits"),
        *_by_edition(_terminal(8, 7), _terminal(20, 7), _terminal(30, 30)),
        raw("iccid", 10),
        text("hardware_version", prefix=1),
        text("firmware_version", prefix=1),
        *u8("gnss_bits", "communication_bits"),
    ),
    0x0108: u8("upgrade_type", "result"),
    0x0200: POSITION,
    0x0201: (*u16("reply_serial"), *POSITION),
    0x0301: u8("event_id"),
    0x0302: (*u16("reply_serial"), *u8("answer_id")),
    0x0303: u8("information_type", "flag"),
    0x0304: (*u16("reply_serial"), *u8("information_type"), text("information", prefix=2)),
    0x0500: (*u16("reply_serial"), *POSITION),
    0x0608: (*u8("query_type"), *u32("count"), switch("query_type", ANSWERS, _IDS)),
    0x0700: (*u16("reply_serial"), *RECORDER_UP),
    0x0701: (raw("waybill", prefix=4),),
    0x0702: (when(in_2011, *_DRIVER_2011), when(lambda _, edition: edition != "2011", *_DRIVER_2013)),
    0x0704: (
        count("count", 2, "positions"),
        *u8("batch_type"),
        each("positions", (block("", 2, POSITION),), of="count"),
    ),
    0x0705: (
        count("count", 2, "frames"),
        raw("receive_time_bcd", 5),
        each(
            "frames",
            (packed(("can_channel", 1), ("extended_frame", 1), ("averaged", 1), ("can_id", 29)), raw("data", 8)),
            of="count",
        ),
    ),
    0x0800: (*_MEDIA, *u8("media_format", "event", "channel")),
    0x0801: (
        *_MEDIA,
        *u8("media_format", "event", "channel"),
        variants(("", (*FIX, raw("data"))), ("2011", (raw("data"),))),
    ),
    0x0802: (
        *u16("reply_serial"),
        count("count", 2, "media"),
        each("media", (*_MEDIA, *u8("channel", "event"), *FIX), of="count"),
    ),
    0x0805: (
        *u16("reply_serial"),
        *u8("result"),
        optional("count", count("count", 2, "ids"), *_IDS),
    ),
    0x0900: (*u8("transparent_type"), switch("transparent_type", _TRANSPARENT_UP, (raw("data"),))),
    0x0901: (raw("compressed", prefix=4),),
    0x0A00: (*u32("rsa_e"), raw("rsa_n", 128)),
    0x1003: (
        *u8("audio_encoding", "audio_channels", "audio_sample_rate", "audio_sample_bits"),
        *u16("audio_frame_length"),
        *u8("audio_output", "video_encoding", "most_audio_channels", "most_video_channels"),
    ),
    0x1005: (*_SPAN, *u16("boarded", "alighted")),
    0x1205: (
        *u16("reply_serial"),
        count("count", 4, "resources"),
        each("resources", (*u8("channel"), *_SPAN, number("alarm_bits", 8), *_AUDIO_VIDEO, *u32("file_size")), of="count"),
    ),
    0x1206: (*u16("reply_serial"), *u8("result")),
    0x1210: (variants(("T/JSATL 12", _attachments(7, 1)), ("DB44", _attachments(30, 2))),),
    0x1211: _FILE,
    0x1212: _FILE,
}
"""Terminal to platform."""

DOWN: Final[dict[int, Layout]] = {
    0x8001: UP[0x0001],
    0x8003: _PACKAGES,
    0x8004: (time("time"),),
    0x8100: (*u16("reply_serial"), *u8("result"), optional("auth_code", text("auth_code"))),
    0x8103: _PARAMETER_LIST,
    0x8104: (),
    0x8105: (*u8("command"), optional("parameters", text("parameters"))),
    0x8106: _DELETED,
    0x8107: (),
    0x8108: (*u8("upgrade_type"), text("maker", 5), text("software_version", prefix=1), raw("data", prefix=4)),
    0x8201: (),
    0x8202: (*u16("interval_s"), optional("validity_s", *u32("validity_s"))),
    0x8203: (*u16("alarm_serial"), flags("alarm", 4, ALARMS)),
    0x8204: (),
    0x8300: (*u8("flag_bits"), when(since_2019, *u8("text_type")), text("text")),
    0x8301: (
        *u8("setting"),
        optional("count", count("count", 1, "events"), each("events", (*u8("event_id"), text("event", prefix=1)), of="count")),
    ),
    0x8302: (
        *u8("flag_bits"),
        text("question", prefix=1),
        each("answers", (*u8("answer_id"), text("answer", prefix=2))),
    ),
    0x8303: (
        *u8("setting"),
        optional(
            "count",
            count("count", 1, "menu"),
            each("menu", (*u8("information_type"), text("information", prefix=2)), of="count"),
        ),
    ),
    0x8304: (*u8("information_type"), text("information", prefix=2)),
    0x8400: (*u8("flag"), text("call_phone")),
    0x8401: (
        *u8("setting"),
        optional(
            "count",
            count("count", 1, "contacts"),
            each("contacts", (*u8("flag"), text("contact_phone", prefix=1), text("contact", prefix=1)), of="count"),
        ),
    ),
    0x8500: (
        when(before_2019, *u8("control_bits")),
        when(since_2019, count("count", 2, "controls"), each("controls", (*u16("control_id"), *u8("parameter")), of="count")),
    ),
    0x8600: CIRCLES,
    0x8601: _DELETED,
    0x8602: RECTANGLES,
    0x8603: _DELETED,
    0x8604: POLYGON,
    0x8605: _DELETED,
    0x8606: ROUTE,
    0x8607: _DELETED,
    0x8608: (*u8("query_type"), count("count", 4, "ids"), *_IDS),
    0x8700: RECORDER_DOWN,
    0x8701: RECORDER_DOWN,
    0x8702: (),
    0x8800: (
        *u32("media_id"),
        optional("count", count("count", 1, "package_ids"), each("package_ids", u16(""), of="count")),
    ),
    0x8801: (
        *u8("channel"),
        *u16("command", "interval_s"),
        *u8("save_flag", "resolution", "quality", "brightness", "contrast", "saturation", "chroma"),
    ),
    0x8802: (*u8("media_type", "channel", "event"), *_SPAN),
    0x8803: (*u8("media_type", "channel", "event"), *_SPAN, *u8("delete_flag")),
    0x8804: (*u8("command"), *u16("duration_s"), *u8("save_flag", "sample_rate")),
    0x8805: (*u32("media_id"), *u8("delete_flag")),
    0x8900: (*u8("transparent_type"), raw("data")),
    0x8A00: UP[0x0A00],
    0x9003: (),
    0x9101: (*_SERVER, *u8("channel", "data_type", "stream_type")),
    0x9102: u8("channel", "command", "close_type", "stream_type"),
    0x9105: u8("channel", "loss_percent"),
    0x9201: (*_SERVER, *u8("channel"), *_AUDIO_VIDEO, *u8("playback", "speed"), *_SPAN),
    0x9202: (*u8("channel", "playback", "speed"), time("time")),
    0x9205: (*u8("channel"), *_SPAN, number("alarm_bits", 8), *_AUDIO_VIDEO),
    0x9206: (
        text("server_ip", prefix=1),
        *u16("port"),
        text("user", prefix=1),
        text("password", prefix=1),
        text("path", prefix=1),
        *u8("channel"),
        *_SPAN,
        number("alarm_bits", 8),
        *_AUDIO_VIDEO,
        *u8("condition_bits"),
    ),
    0x9207: (*u16("reply_serial"), *u8("command")),
    0x9208: (*_SERVER, variants(("T/JSATL 12", _attachment_request(7, 1)), ("DB44", _attachment_request(30, 2)))),
    0x9212: (
        text("file_name", prefix=1),
        *u8("file_type", "result"),
        count("count", 1, "missing"),
        each("missing", u32("offset", "length"), of="count"),
    ),
    0x9301: u8("channel", "direction", "speed"),
    0x9302: u8("channel", "focus"),
    0x9303: u8("channel", "iris"),
    0x9304: u8("channel", "wiper"),
    0x9305: u8("channel", "infrared"),
    0x9306: u8("channel", "zoom"),
}
"""Platform to terminal."""

LAYOUTS: Final[dict[int, Layout]] = UP | DOWN


def edition(message_id: int, body: bytes, version: str) -> str:
    """The edition that `body` follows: the header tells 2019 apart; 2011 and 2013 differ in two layouts only.

    0x0100 had an 8-byte model in 2011 (33 bytes with a common plate, at least 37 since 2013); 0x0702 begins with the
    length of the driver's name in 2011, with the card's state (1 or 2) since.
    """
    if version != "2019" and (
        (message_id == 0x0100 and len(body) < 37) or (message_id == 0x0702 and body[:1] not in (b"\1", b"\2"))
    ):
        return "2011"
    return version
