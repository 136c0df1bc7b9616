// A combination from above as it moves: units, wheels coloured by the adhesion they use, and the way behind them.
import type { PlanUnit, PlanView, ScenarioRun } from "../api/schema";
import { useText } from "../i18n";

interface Pose {
  x: number;
  y: number;
  heading: number;
}

const WHEEL_M: readonly [number, number] = [1, 0.35];
const MARGIN_M = 6;
const ASPECT = 0.36;

function at(run: ScenarioRun, column: string, index: number): number {
  return run.columns[column]?.[index] ?? 0;
}

const poses = (run: ScenarioRun, plan: PlanView, index: number): Pose[] =>
  plan.units.map((unit) => ({ x: at(run, unit.x, index), y: at(run, unit.y, index), heading: at(run, unit.heading, index) }));

const shade = (used: number) => (used < 0.5 ? "var(--good)" : used < 0.8 ? "var(--warn)" : "var(--bad)");
const placed = (pose: Pose) => `translate(${pose.x} ${-pose.y}) rotate(${(-pose.heading * 180) / Math.PI})`;

export function PlanViewDrawing({ run, plan, index }: { run: ScenarioRun; plan: PlanView; index: number }) {
  const t = useText();
  const now = poses(run, plan, index);
  const length = plan.units.reduce((sum, unit) => sum + unit.front_m - unit.rear_m, 0);
  const width = Math.max(length * 2.2, 40);
  const middle = now.reduce((sum, pose) => ({ x: sum.x + pose.x / now.length, y: sum.y + pose.y / now.length }), { x: 0, y: 0 });
  const [left, top] = [middle.x - width / 2, -middle.y - (width * ASPECT) / 2];
  const step = Math.max(1, Math.floor(run.x.length / 240));
  const trail = (unit: number) => {
    const points: string[] = [];
    for (let k = 0; k <= index; k += step) {
      const pose = poses(run, plan, k)[unit];
      if (pose) points.push(`${pose.x.toFixed(2)},${(-pose.y).toFixed(2)}`);
    }
    return points.join(" ");
  };
  const lines = Array.from({ length: Math.ceil(width / 10) + 2 }, (_, k) => Math.floor(left / 10) * 10 + k * 10);
  return (
    <svg className="plan" viewBox={`${left} ${top} ${width} ${width * ASPECT}`} role="img" aria-label={t.control.planLabel(run.x[index]?.toFixed(2) ?? "0")}>
      {lines.map((x) => (
        <path key={x} d={`M${x} ${top}v${width * ASPECT}`} stroke="var(--line)" strokeWidth="0.06" />
      ))}
      {plan.units.map((_, unit) => (
        <polyline key={unit} points={trail(unit)} fill="none" stroke={unit ? "var(--e-aero)" : "var(--accent)"} strokeWidth="0.12" strokeDasharray={unit ? "0.8 0.5" : undefined} opacity="0.7" />
      ))}
      {plan.units.map((unit, k) => {
        const pose = now[k];
        return pose && <Body key={k} unit={unit} pose={pose} first={k === 0} />;
      })}
      {plan.wheels.map((wheel, k) => {
        const pose = now[wheel.unit];
        if (!pose) return null;
        const turn = wheel.steered ? (at(run, "steering_rad", index) * 180) / Math.PI : 0;
        const used = at(run, wheel.used, index);
        return (
          <g key={k} transform={`${placed(pose)} translate(${wheel.x_m} ${-wheel.y_m}) rotate(${-turn})`}>
            <title>{`${Math.round(100 * used)} %`}</title>
            <rect x={-WHEEL_M[0] / 2} y={-WHEEL_M[1] / 2} width={WHEEL_M[0]} height={WHEEL_M[1]} rx="0.08" fill={shade(used)} stroke="var(--ink)" strokeWidth="0.05" />
          </g>
        );
      })}
      <g transform={`translate(${left + MARGIN_M / 3} ${top + width * ASPECT - MARGIN_M / 4})`} className="scale">
        <path d="M0 0h10M0 -0.4v0.8M10 -0.4v0.8" stroke="var(--ink-2)" strokeWidth="0.12" />
        <text x="5" y="-0.6" textAnchor="middle" fontSize="1.1" fill="var(--ink-2)">
          10 m
        </text>
      </g>
    </svg>
  );
}

function Body({ unit, pose, first }: { unit: PlanUnit; pose: Pose; first: boolean }) {
  const cab = Math.min(2.2, (unit.front_m - unit.rear_m) * 0.4);
  return (
    <g transform={placed(pose)}>
      <rect x={unit.rear_m} y={-unit.width_m / 2} width={unit.front_m - unit.rear_m} height={unit.width_m} rx="0.25" fill={first ? "var(--accent-soft)" : "var(--panel-2)"} stroke={first ? "var(--accent)" : "var(--ink-2)"} strokeWidth="0.1" fillOpacity="0.85" />
      {first && <rect x={unit.front_m - cab} y={-unit.width_m / 2} width={cab} height={unit.width_m} rx="0.25" fill="var(--accent)" opacity="0.45" />}
    </g>
  );
}
