"""The XCP part of an A2L file: the grammar of its IF_DATA and the data of our slave.

Source: ASAM MCD-1 XCP 1.x, part 2, description file; only what the slave offers is in the grammar.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fifthwheel.control.block import Block
from fifthwheel.verify.xcp.codes import MAX_CTO, MAX_DTO, MAX_ENTRY, Command
from fifthwheel.verify.xcp.daq import MOST_LISTS, cycle_of
from fifthwheel.verify.xcp.transfer import MOST_CHECKED

A2ML: Final = """/begin A2ML
block "IF_DATA" taggedunion {
  "XCP" taggedstruct {
    block "PROTOCOL_LAYER" struct {
      uint; uint; uint; uint; uint; uint; uint; uint; uchar; uint;
      enum { "BYTE_ORDER_MSB_LAST" = 0, "BYTE_ORDER_MSB_FIRST" = 1 };
      enum { "ADDRESS_GRANULARITY_BYTE" = 1, "ADDRESS_GRANULARITY_WORD" = 2, "ADDRESS_GRANULARITY_DWORD" = 4 };
      taggedstruct { ("OPTIONAL_CMD" char[64])*; };
    };
    block "DAQ" struct {
      enum { "STATIC" = 0, "DYNAMIC" = 1 };
      uint; uint; uchar;
      enum { "OPTIMISATION_TYPE_DEFAULT" = 0 };
      enum { "ADDRESS_EXTENSION_FREE" = 0, "ADDRESS_EXTENSION_ODT" = 1, "ADDRESS_EXTENSION_DAQ" = 3 };
      enum { "IDENTIFICATION_FIELD_TYPE_ABSOLUTE" = 0, "IDENTIFICATION_FIELD_TYPE_RELATIVE_BYTE" = 1 };
      enum { "GRANULARITY_ODT_ENTRY_SIZE_DAQ_BYTE" = 1 };
      uchar;
      enum { "NO_OVERLOAD_INDICATION" = 0 };
      taggedstruct {
        "PRESCALER_SUPPORTED";
        block "TIMESTAMP_SUPPORTED" struct {
          uint;
          enum { "NO_TIME_STAMP" = 0, "SIZE_BYTE" = 1, "SIZE_WORD" = 2, "SIZE_DWORD" = 4 };
          enum { "UNIT_1NS" = 0, "UNIT_1US" = 3, "UNIT_1MS" = 6 };
        };
        (block "EVENT" struct {
          char[101]; char[9]; uint;
          enum { "DAQ" = 1, "STIM" = 2, "DAQ_STIM" = 3 };
          uchar; uchar; uchar; uchar;
        })*;
      };
    };
    block "PAG" struct { uchar; taggedstruct { "FREEZE_SUPPORTED"; }; };
    block "SEGMENT" struct {
      uchar; uchar; uchar; uchar; uchar;
      taggedstruct {
        block "CHECKSUM" struct {
          enum { "XCP_CRC_32" = 9 };
          taggedstruct { "MAX_BLOCK_SIZE" ulong; };
        };
        (block "PAGE" struct {
          uchar;
          enum { "ECU_ACCESS_NOT_ALLOWED" = 0, "ECU_ACCESS_DONT_CARE" = 3 };
          enum { "XCP_READ_ACCESS_NOT_ALLOWED" = 0, "XCP_READ_ACCESS_DONT_CARE" = 3 };
          enum { "XCP_WRITE_ACCESS_NOT_ALLOWED" = 0, "XCP_WRITE_ACCESS_DONT_CARE" = 3 };
          taggedstruct { "INIT_SEGMENT" uchar; };
        })*;
      };
    };
    block "XCP_ON_UDP_IP" struct { uint; uint; taggedunion { "ADDRESS" char[15]; }; };
    block "XCP_ON_TCP_IP" struct { uint; uint; taggedunion { "ADDRESS" char[15]; }; };
  };
};
/end A2ML"""

_ALWAYS: Final = {Command.CONNECT, Command.DISCONNECT, Command.GET_STATUS, Command.SYNCH}
_TIMES_MS: Final = "2000 10000 1000 1000 1000 1000 0"
"""T1 to T7: how long a master waits for an answer."""


def module_data(block: Block, host: str, port: int) -> Iterator[str]:
    """IF_DATA of the module: protocol layer, measurement with its one event, pages, both transports."""
    cycle, unit = cycle_of(block.period_s)
    optional = " ".join(f"OPTIONAL_CMD {one.name}" for one in Command if one not in _ALWAYS)
    yield "/begin IF_DATA XCP"
    yield f"/begin PROTOCOL_LAYER 0x0101 {_TIMES_MS} {MAX_CTO} {MAX_DTO} BYTE_ORDER_MSB_LAST ADDRESS_GRANULARITY_BYTE"
    yield f"{optional}\n/end PROTOCOL_LAYER"
    yield f"/begin DAQ DYNAMIC {MOST_LISTS} 1 0 OPTIMISATION_TYPE_DEFAULT ADDRESS_EXTENSION_FREE"
    yield f"IDENTIFICATION_FIELD_TYPE_RELATIVE_BYTE GRANULARITY_ODT_ENTRY_SIZE_DAQ_BYTE {MAX_ENTRY} NO_OVERLOAD_INDICATION"
    yield "PRESCALER_SUPPORTED /begin TIMESTAMP_SUPPORTED 1 SIZE_DWORD UNIT_1US /end TIMESTAMP_SUPPORTED"
    yield f'/begin EVENT "every {block.period_s * 1e3:g} ms" "step" 0 DAQ {MOST_LISTS} {cycle} {unit} 0 /end EVENT'
    yield "/end DAQ\n/begin PAG 1 /end PAG"
    for transport in ("XCP_ON_UDP_IP", "XCP_ON_TCP_IP"):
        yield f'/begin {transport} 0x0100 {port} ADDRESS "{host}" /end {transport}'
    yield "/end IF_DATA"


def segment_data() -> str:
    """IF_DATA of the parameters' memory: page 0 is the working page, page 1 the reference."""
    readable = "ECU_ACCESS_DONT_CARE XCP_READ_ACCESS_DONT_CARE"
    return (
        "/begin IF_DATA XCP /begin SEGMENT 0 2 0 0 0\n"
        f"/begin CHECKSUM XCP_CRC_32 MAX_BLOCK_SIZE {MOST_CHECKED} /end CHECKSUM\n"
        f"/begin PAGE 0 {readable} XCP_WRITE_ACCESS_DONT_CARE INIT_SEGMENT 0 /end PAGE\n"
        f"/begin PAGE 1 {readable} XCP_WRITE_ACCESS_NOT_ALLOWED INIT_SEGMENT 0 /end PAGE\n"
        "/end SEGMENT /end IF_DATA"
    )
