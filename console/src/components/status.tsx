// The state of a vehicle as shape, colour and word: never colour alone.
import type { VehicleStatus } from "../api/schema";
import { useText } from "../i18n";

export const STATUS_COLOUR: Record<VehicleStatus, string> = {
  driving: "--good",
  idling: "--warn",
  stopped: "--ink-2",
  charging: "--e-electric",
  silent: "--bad",
  never: "--ink-3",
};

const SHAPE: Record<VehicleStatus, string> = {
  driving: "M3 1.5 11 6 3 10.5Z",
  idling: "M2 2h3v8H2ZM7 2h3v8H7Z",
  stopped: "M2 2h8v8H2Z",
  charging: "M7 .5 2 7h3.2L4.5 11.5 10 5H6.600Z",
  silent: "M2 2 10 10M10 2 2 10",
  never: "M6 1.500A4.5 4.5 0 1 0 6.001 1.5Z",
};
const HOLLOW = new Set<VehicleStatus>(["silent", "never"]);

export function Status({ status }: { status: VehicleStatus }) {
  const t = useText();
  const colour = `var(${STATUS_COLOUR[status]})`;
  return (
    <span className="status">
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path d={SHAPE[status]} fill={HOLLOW.has(status) ? "none" : colour} stroke={colour} strokeWidth={HOLLOW.has(status) ? 2 : 0} />
      </svg>
      {t.status[status]}
    </span>
  );
}
