// A candidate from the side, to scale, from its own data: units, wheels, loads against limits, coupling, swing, gap, centre of mass.
import type { AxleView, SideView, UnitDrawing } from "../api/schema";
import { number } from "../format";
import { useText } from "../i18n";

const BONNET_M = 1.7;
const AHEAD_M = 0.25;
const FLOOR_M = 1.25;
const LETTER_PX = 12;
const PAGE_PX = 1230;
const CAB_M = 2.3;
const BONNET_FROM_M = 3.2;

const tonnes = (kg: number, digits = 1) => number(kg / 1000, digits);

interface Props {
  side: SideView;
  /** What the width of the drawing stands for, so that several are drawn to one scale. */
  length_m: number;
  /** How many are drawn beside each other: their letters stay as large as those of the page. */
  beside: number;
  title: string;
}

export function SideDrawing({ side, length_m, beside, title }: Props) {
  const t = useText();
  const letters = Math.max(0.16, Math.min(0.45, (LETTER_PX * length_m * beside) / PAGE_PX));
  const above = side.swing_m === null ? letters : 0.3 + 2 * letters;
  const height = side.height_m + above + 5 * letters;
  const up = (m: number) => side.height_m + above - m;
  return (
    <svg className="side-view" style={{ fontSize: letters }} viewBox={`${-AHEAD_M} 0 ${length_m + 2 * AHEAD_M} ${height}`} role="img" aria-label={`${t.choose.drawing}: ${title}, ${number(side.length_m, 2)} m × ${number(side.height_m, 2)} m`}>
      <path d={`M${-AHEAD_M} ${up(0)}H${length_m + AHEAD_M}`} stroke="var(--line)" strokeWidth="0.05" />
      {side.units.map((unit, k) => (
        <Unit key={k} side={side} unit={unit} last={k === side.units.length - 1} up={up} />
      ))}
      {side.axles.map((axle, k) => (
        <Axles key={k} axle={axle} up={up} letters={letters} crowd={crowd(side.axles, k, letters)} />
      ))}
      <Coupling side={side} up={up} />
      <g aria-hidden="true">
        <circle cx={side.cg_m} cy={up(side.cg_height_m)} r="0.17" fill="var(--panel)" stroke="var(--ink)" strokeWidth="0.035" />
        <path d={sector(side.cg_m, up(side.cg_height_m), 0.17)} fill="var(--ink)" />
      </g>
      <text x={side.cg_m + 0.28} y={up(side.cg_height_m) + 0.3 * letters} className="small">
        {t.choose.cg} {number(side.cg_height_m, 2)} m
      </text>
      <g stroke="var(--ink-3)" strokeWidth="0.025" fill="none">
        <path d={`M0 ${up(0) + 3.3 * letters}H${side.length_m}M0 ${up(0) + 3.3 * letters - 0.1}v0.2M${side.length_m} ${up(0) + 3.3 * letters - 0.1}v0.2`} />
      </g>
      <text x={side.length_m / 2} y={up(0) + 4.5 * letters} textAnchor="middle" className="small">
        {number(side.length_m, 2)} m × {number(side.height_m, 2)} m
      </text>
    </svg>
  );
}

const sector = (x: number, y: number, r: number) => `M${x} ${y}V${y - r}A${r} ${r} 0 0 1 ${x + r} ${y}ZM${x} ${y}V${y + r}A${r} ${r} 0 0 1 ${x - r} ${y}Z`;

/** Where the cab ends: ahead of the trailer by the gap, or where a rigid's room for the load begins. */
function cabEnd(side: SideView, unit: UnitDrawing): number {
  const behind = side.units.find((other) => other.start_m > unit.start_m);
  if (behind && side.gap_m !== null) return behind.start_m - side.gap_m;
  const room = !behind && side.load_from_m > unit.start_m + 1.2 ? side.load_from_m - 0.1 - unit.start_m : 0.45 * unit.length_m;
  return unit.start_m + Math.min(CAB_M, room);
}

function Unit({ side, unit, last, up }: { side: SideView; unit: UnitDrawing; last: boolean; up: (m: number) => number }) {
  const t = useText();
  const [start, end] = [unit.start_m, unit.start_m + unit.length_m];
  const powered = unit.kind !== "trailer";
  const floor = side.floor_m || FLOOR_M;
  const frame = last ? floor - 0.1 : Math.min(1, (side.coupling_height_m ?? 1.25) - 0.2);
  const cab = cabEnd(side, unit);
  const face = start + (cab - start > BONNET_FROM_M ? BONNET_M : 0);
  const [from, to] = [Math.max(side.load_from_m, start), Math.min(side.load_to_m || end, end)];
  const top = up(unit.height_m);
  const left = powered ? cab + 0.1 : (start + end) / 2 - 0.8;
  return (
    <g strokeWidth="0.04">
      <rect x={start + 0.1} y={up(frame)} width={end - start - 0.1} height="0.22" fill="var(--ink-2)" />
      {powered && (
        <>
          <path d={`M${start} ${up(0.45)}H${cab}V${top}H${face + 0.5}L${face + 0.12} ${up(0.72 * unit.height_m)}L${face} ${up(1.7)}L${start} ${up(1.5)}Z`} fill="var(--accent-soft)" stroke="var(--accent)" strokeLinejoin="round" />
          <path d={`M${face + 0.15} ${up(0.56 * unit.height_m)}L${face + 0.2} ${up(0.72 * unit.height_m)}H${face + 0.8}V${up(0.56 * unit.height_m)}Z`} fill="var(--panel)" stroke="var(--accent)" strokeLinejoin="round" />
        </>
      )}
      {last && to > from && <Body kind={side.body} from={from} to={to} top={top} floor={up(floor)} />}
      {unit.battery_j ? (
        <g>
          <title>{`${t.vehicle.battery} ${number(unit.battery_j / 3.6e6)} kWh`}</title>
          <rect x={left} y={up(0.98)} width="1.5" height="0.5" rx="0.08" fill="var(--panel)" stroke="var(--e-electric)" />
          <text x={left + 0.75} y={up(0.62)} textAnchor="middle" className="small">
            {number(unit.battery_j / 3.6e6)} kWh
          </text>
        </g>
      ) : null}
    </g>
  );
}

const middleOf = (axle: AxleView) => axle.positions_m.reduce((sum, x) => sum + x, 0) / (axle.positions_m.length || 1);

/** Whether the words of a group would run into a neighbour's: then they stand in two rows by turns, and say the load alone. */
function crowd(axles: readonly AxleView[], index: number, letters: number): { close: boolean; row: number } {
  const own = middleOf(axles[index] as AxleView);
  const near = axles.filter((other, k) => k !== index && Math.abs(middleOf(other) - own) < 7.5 * letters);
  return { close: near.length > 0, row: near.length && index % 2 ? 1 : 0 };
}

interface Group {
  axle: AxleView;
  up: (m: number) => number;
  letters: number;
  crowd: { close: boolean; row: number };
}

const LOAD_M = 1.2;

/** The room for the load, in the outline by which the trade knows it. */
function Body({ kind, from, to, top, floor }: { kind: string; from: number; to: number; top: number; floor: number }) {
  const [length, height] = [to - from, floor - top];
  const ink = { fill: "var(--panel-2)", stroke: "var(--ink-2)", strokeLinejoin: "round" } as const;
  const posts = (count: number) => Array.from({ length: count - 1 }, (_, k) => `M${from + (length * (k + 1)) / count} ${top}V${floor}`).join("");
  if (kind === "tank" || kind === "powder") return <rect x={from} y={top} width={length} height={height} rx={Math.min(0.42 * height, 0.8)} {...ink} />;
  if (kind === "tipper") return <path d={`M${from + 0.25} ${top}H${to}L${to - 0.35} ${floor}H${from}Z`} {...ink} />;
  if (kind === "mixer") return <path d={`M${from} ${floor - 0.3 * height}L${from + 0.15 * length} ${top + 0.1 * height}L${from + 0.5 * length} ${top}L${to} ${top + 0.3 * height}V${floor - 0.35 * height}L${from + 0.45 * length} ${floor}L${from + 0.1 * length} ${floor}Z`} {...ink} />;
  if (kind === "flatbed" || kind === "low_loader") return <rect x={from} y={floor - LOAD_M} width={length} height={LOAD_M} {...ink} fill="none" strokeDasharray="0.15 0.12" />;
  return (
    <>
      <rect x={from} y={top} width={length} height={height} rx="0.06" {...ink} />
      {kind === "curtain" && <path d={posts(12)} stroke="var(--line)" />}
      {(kind === "skeleton" || kind === "stake" || kind === "walking_floor") && <path d={posts(24)} stroke="var(--line)" />}
      {kind === "wing" && <path d={`M${from} ${top + 0.42 * height}H${to}`} stroke="var(--line)" />}
      {kind === "reefer" && <rect x={from - 0.35} y={top + 0.15} width="0.35" height={0.4 * height} {...ink} />}
    </>
  );
}

function Axles({ axle, up, letters, crowd: { close, row } }: Group) {
  const t = useText();
  const middle = middleOf(axle);
  const over = axle.limit_kg > 0 && axle.load_kg > axle.limit_kg * (1 + 1e-9);
  const radius = axle.tyre_radius_m || 0.5;
  const marks = [axle.driven && t.vehicle.driven, axle.liftable && t.vehicle.liftable].filter(Boolean).join(", ");
  const lift = axle.liftable ? 0.06 : 0;
  return (
    <g>
      <title>{`${axle.positions_m.length} × ${axle.tyres_count}${marks && `, ${marks}`}; ${t.choose.unladen} ${tonnes(axle.unladen_kg)} t`}</title>
      {axle.positions_m.map((x) => (
        <g key={x} strokeWidth="0.03">
          <circle cx={x} cy={up(radius + lift)} r={radius} fill="light-dark(#27312e, #080b0a)" stroke="var(--ink-3)" strokeDasharray={axle.liftable ? "0.12 0.08" : undefined} />
          <circle cx={x} cy={up(radius + lift)} r={radius * 0.54} fill={axle.driven ? "var(--accent)" : "var(--panel-2)"} />
          {axle.tyres_count > 2 && <circle cx={x} cy={up(radius + lift)} r={radius * 0.34} fill="none" stroke={axle.driven ? "var(--panel)" : "var(--ink-2)"} />}
        </g>
      ))}
      <text x={middle} y={up(0) + (1.3 + 1.15 * row) * letters} textAnchor="middle" className={over ? "over" : "load"}>
        {over ? "✗ " : ""}
        {tonnes(axle.load_kg)}
        {axle.limit_kg > 0 ? ` / ${tonnes(axle.limit_kg)}` : ""} t
      </text>
      {!close && (
        <text x={middle} y={up(0) + 2.4 * letters} textAnchor="middle" className="small">
          {t.choose.unladen} {tonnes(axle.unladen_kg)} t
        </text>
      )}
    </g>
  );
}

function Coupling({ side, up }: { side: SideView; up: (m: number) => number }) {
  const t = useText();
  if (side.coupling_m === null || side.coupling_height_m === null) return null;
  const [x, y] = [side.coupling_m, up(side.coupling_height_m)];
  const roof = up(side.height_m) - 0.22;
  const from = side.swing_m === null ? x : x - side.swing_m;
  return (
    <g>
      <path d={`M${x - 0.45} ${y + 0.2}H${x + 0.45}L${x + 0.3} ${y}H${x - 0.3}Z`} fill="var(--ink)" />
      <circle cx={x} cy={y} r="0.09" fill="var(--panel)" stroke="var(--ink)" strokeWidth="0.03" />
      {side.coupling_kg !== null && (
        <text x={x + 0.1} y={y - 0.28} textAnchor="start" className="small">
          {t.choose.kingpin} {tonnes(side.coupling_kg)}
          {side.coupling_limit_kg ? ` / ${tonnes(side.coupling_limit_kg)}` : ""} t
        </text>
      )}
      {side.swing_m !== null && (
        <>
          <path d={`M${from} ${roof}H${x}M${from} ${roof - 0.1}v0.2M${x} ${roof - 0.1}v0.2`} stroke="var(--accent)" strokeWidth="0.025" fill="none" />
          <path d={`M${x} ${roof}V${y}`} stroke="var(--accent)" strokeWidth="0.02" strokeDasharray="0.1 0.1" fill="none" />
          <text x={from} y={roof - 0.18} textAnchor="start" className="small">
            {t.choose.swing} {number(side.swing_m, 2)} m{side.gap_m === null ? "" : ` · ${t.choose.gap} ${number(side.gap_m, 2)} m`}
          </text>
        </>
      )}
    </g>
  );
}
