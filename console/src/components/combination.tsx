// The combination drawn to scale from its own data: units, axles, tyres, battery, with live values where they sit.
import type { AxleDrawing, UnitDrawing, VehicleDetail } from "../api/schema";
import { number, show, words } from "../format";
import { useText } from "../i18n";

const PX_PER_M = 46;
const GROUND_M = 4.3;
const DECK_M = 1.15;

export function CombinationDrawing({ vehicle }: { vehicle: VehicleDetail }) {
  const t = useText();
  const { units, state } = vehicle;
  const end = Math.max(...units.map((unit) => unit.start_m + unit.length_m));
  const front = Math.min(...units.map((unit) => unit.start_m));
  const width = (end - front + 1) * PX_PER_M;
  const x = (m: number) => (m - front + 0.5) * PX_PER_M;
  const y = (m: number) => (GROUND_M - m) * PX_PER_M;
  const soc = state.battery_soc_ratio ?? state.fuel_level_ratio;
  return (
    <svg className="combination" viewBox={`0 -6 ${width} ${GROUND_M * PX_PER_M + 50}`} role="img" aria-label={`${t.vehicle.drawing}: ${units.map((unit) => t.kind[unit.kind as keyof typeof t.kind] ?? unit.kind).join(" + ")}, ${number(end - front, 2)} m`}>
      <path d={`M0 ${y(0)}H${width}`} stroke="var(--line)" strokeWidth="2" />
      {units.map((unit, index) => (
        <Unit key={index} unit={unit} towing={index < units.length - 1} x={x} y={y} soc={soc} />
      ))}
      {units.flatMap((unit) => unit.axles).map((axle, index) => (
        <Wheel key={index} axle={axle} cx={x(axle.position_m)} ground={y(0)} />
      ))}
      <g stroke="var(--ink-3)" strokeWidth="1">
        <path d={`M${x(front)} ${y(0) + 24}H${x(end)}M${x(front)} ${y(0) + 19}v10M${x(end)} ${y(0) + 19}v10`} fill="none" />
      </g>
      <text x={x((front + end) / 2)} y={y(0) + 38} textAnchor="middle">
        {number(end - front, 2)} m {t.vehicle.length}
      </text>
    </svg>
  );
}

function Unit({ unit, towing, x, y, soc }: { unit: UnitDrawing; towing: boolean; x: (m: number) => number; y: (m: number) => number; soc: number | null }) {
  const t = useText();
  const [left, right] = [x(unit.start_m), x(unit.start_m + unit.length_m)];
  const powered = unit.kind === "tractor" || unit.kind === "rigid";
  const cab = powered ? Math.min(2.25, unit.length_m * 0.45) * PX_PER_M : 0;
  const roof = y(unit.height_m);
  const deck = y(DECK_M);
  const box = { fill: "var(--panel-2)", stroke: "var(--ink-2)", strokeWidth: 1.5 };
  const battery = unit.battery_j ? `${t.vehicle.battery} ${number(unit.battery_j / 3.6e6)} kWh` : "";
  return (
    <g>
      <path d={`M${left + 4} ${deck + 10}H${right}`} stroke="var(--ink-2)" strokeWidth="5" />
      {powered && (
        <>
          <path d={`M${left + 2} ${y(0.55)}V${y(1.7)}L${left + 10} ${roof + 14}q2 -12 14 -12H${left + cab}V${y(0.55)}Z`} {...box} fill="var(--accent-soft)" stroke="var(--accent)" />
          <path d={`M${left + 8} ${y(1.85)}L${left + 13} ${y(2.75)}H${left + cab * 0.55}V${y(1.85)}Z`} fill="var(--panel)" stroke="var(--accent)" />
          {soc !== null && <Store x={left + cab + 8} y={deck + 15} share={soc} />}
        </>
      )}
      {unit.kind === "rigid" && <rect x={left + cab + 8} y={roof} width={right - left - cab - 8} height={deck - roof} rx="3" {...box} />}
      {!powered && <rect x={left} y={roof} width={right - left} height={deck - roof} rx="3" {...box} />}
      {unit.kind === "tractor" && towing && <path d={`M${left + cab + 40} ${deck + 7}l8 -7h34l8 7z`} fill="var(--ink-2)" />}
      <text x={powered ? left + cab / 2 : (left + right) / 2} y={powered ? y(1.25) : (roof + deck) / 2 + 4} textAnchor="middle">
        {powered ? "" : `${number(unit.length_m, 2)} m`}
      </text>
      {battery && (
        <text x={powered ? left + cab + 10 : (left + right) / 2} y={powered ? roof - 0 : (roof + deck) / 2 + 22} textAnchor={powered ? "start" : "middle"} className="store">
          {battery}
        </text>
      )}
    </g>
  );
}

function Store({ x, y, share }: { x: number; y: number; share: number }) {
  return (
    <g>
      <rect x={x} y={y} width="56" height="18" rx="4" fill="var(--panel)" stroke="var(--ink-2)" />
      <rect x={x + 2} y={y + 2} width={52 * Math.max(0, Math.min(1, share))} height="14" rx="2.500" fill={share < 0.15 ? "var(--bad)" : "var(--accent)"} opacity="0.35" />
      <text x={x + 28} y={y + 13} textAnchor="middle" className="store">
        {words(show(share, "", "level_ratio"))}
      </text>
    </g>
  );
}

function Wheel({ axle, cx, ground }: { axle: AxleDrawing; cx: number; ground: number }) {
  const t = useText();
  const r = axle.tyre_radius_m * PX_PER_M;
  const cy = ground - r - (axle.liftable ? 3 : 0);
  const twin = axle.tyres_count > 2;
  return (
    <g>
      <title>{[`${axle.tyres_count} ×`, axle.driven ? t.vehicle.driven : "", axle.liftable ? t.vehicle.liftable : ""].join(" ")}</title>
      <circle cx={cx} cy={cy} r={r} fill="light-dark(#27312e, #080b0a)" strokeDasharray={axle.liftable ? "4 3" : undefined} stroke="var(--ink-3)" />
      <circle cx={cx} cy={cy} r={r * 0.56} fill={axle.driven ? "var(--accent)" : "var(--panel-2)"} />
      {twin && <circle cx={cx} cy={cy} r={r * 0.36} fill="none" stroke={axle.driven ? "var(--panel)" : "var(--ink-2)"} strokeWidth="1.5" />}
      <circle cx={cx} cy={cy} r="2.5" fill={axle.driven ? "var(--panel)" : "var(--ink-2)"} />
    </g>
  );
}
