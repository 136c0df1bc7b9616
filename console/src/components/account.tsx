// The closed energy account as a waterfall: each term starts where the one above ended, down to the meter.
import { useContext, useState } from "react";
import type { AccountLine, TripDetail } from "../api/schema";
import { energy, type EnergyUnit, number, signed } from "../format";
import { useText, useTitle } from "../i18n";
import { useMethod } from "../i18n/findings";
import { ShowFinding } from "./figure";
import { Choice } from "./states";

const J_PER = { MJ: 1e6, kWh: 3.6e6 } as const;

export function Account({ trip, preferred }: { trip: TripDetail; preferred: EnergyUnit }) {
  const t = useText();
  const [chosen, setUnit] = useState<EnergyUnit | null>(null);
  const unit = chosen ?? preferred;
  const meter = trip.meter.reduce((sum, finding) => sum + (finding.value ?? 0), 0);
  const rows = stacked(trip.account.filter((line) => Math.abs(line.finding.value ?? 0) >= meter * 0.0005 || line.name === "unexplained"));
  const low = Math.min(0, ...rows.flatMap((row) => [row.from, row.to]));
  const high = Math.max(meter, ...rows.flatMap((row) => [row.from, row.to, row.ends?.[1] ?? 0]));
  const share = (joule: number) => ((joule - low) / (high - low || 1)) * 100;
  const compared = trip.account.some((line) => line.like_trips_jpm != null);
  return (
    <section className={`card account ${compared ? "compared" : ""}`} aria-label={t.trip.accountLabel}>
      <h2>
        {t.trip.account}
        <span>
          {t.trip.accountHint} <Choice label="MJ / kWh" value={unit} options={[["MJ", "MJ"], ["kWh", "kWh"]]} onChange={setUnit} />
        </span>
      </h2>
      <div className="row head">
        <span />
        <span />
        <span className="v">{unit}</span>
        {compared && <span className="v">{t.trip.like}</span>}
      </div>
      {rows.map((row) => (
        <Term key={row.line.name} row={row} share={share} unit={unit} distance={trip.summary.distance_m} compared={compared} />
      ))}
      <div className="row total">
        <span>{t.trip.total}</span>
        <span className="bar">
          <i style={{ left: `${share(0)}%`, width: `${share(meter) - share(0)}%`, background: "var(--ink-2)" }} />
        </span>
        <span className="v">{energy(meter, unit)}</span>
        {compared && (
          <span className="v">
            {trip.like_energy_per_distance_jpm !== null && signed((meter - trip.like_energy_per_distance_jpm * trip.summary.distance_m) / J_PER[unit])}
          </span>
        )}
      </div>
    </section>
  );
}

interface Row {
  line: AccountLine;
  value: number;
  from: number;
  to: number;
  ends: [number, number] | null;
}

function stacked(lines: readonly AccountLine[]): Row[] {
  let at = 0;
  return lines.map((line) => {
    const { value, low, high } = line.finding;
    const from = at;
    at += value ?? 0;
    return { line, value: value ?? 0, from, to: at, ends: low != null && high != null && low !== high ? [from + low, from + high] : null };
  });
}

function Term({ row, share, unit, distance, compared }: { row: Row; share: (joule: number) => number; unit: EnergyUnit; distance: number; compared: boolean }) {
  const open = useContext(ShowFinding);
  const titleOf = useTitle();
  const methodOf = useMethod();
  const { line, value, from, to, ends } = row;
  const title = titleOf(line);
  const [left, right] = [share(Math.min(from, to)), share(Math.max(from, to))];
  const half = ends ? (ends[1] - ends[0]) / 2 / J_PER[unit] : 0;
  const difference = line.like_trips_jpm == null ? null : (value - line.like_trips_jpm * distance) / J_PER[unit];
  return (
    <button className="row" onClick={() => open(line.finding, title)} title={methodOf(line.finding.method)}>
      <span className="name">{title}</span>
      <span className="bar" aria-hidden="true">
        <i className={value < 0 ? "back" : ""} style={{ left: `${left}%`, width: `${Math.max(right - left, 0.35)}%`, background: `var(--e-${line.colour})` }} />
        {ends && <u style={{ left: `${Math.max(0, share(ends[0]))}%`, width: `${Math.max(0.5, share(ends[1]) - Math.max(share(ends[0]), 0))}%` }} />}
      </span>
      <span className="v">
        {value < 0 || line.finding.low != null && line.finding.low < 0 ? signed(value / J_PER[unit], Math.abs(value / J_PER[unit]) < 10 ? 1 : 0) : energy(value, unit)}{" "}
        {half > 0 && <em>±&nbsp;{number(half, half < 10 ? 1 : 0)}</em>}
      </span>
      {compared && <span className={`v ${difference !== null && Math.abs(difference) > half ? (difference > 0 ? "up" : "dn") : "sub"}`}>{difference === null ? "" : signed(difference, Math.abs(difference) < 10 ? 1 : 0)}</span>}
    </button>
  );
}
