"""SAE J1939: PGNs, transport protocol, diagnostic messages, from CAN frames."""
