"""An XCP slave (ASAM MCD-1 XCP, protocol layer 1.x) around a running block: packets in, packets out; no sockets, no clock."""

from fifthwheel.verify.xcp.slave import Slave

__all__ = ["Slave"]
