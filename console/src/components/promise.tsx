// What a vehicle was chosen for, against its trips since: verdict, causes from the promise to the meter, terms, cost.
import { useContext } from "react";
import { useGet } from "../api/client";
import type { CauseView, Finding, KeptView } from "../api/schema";
import { energy, margin, MISSING, number, show, signed, stamp, words } from "../format";
import { useTitle } from "../i18n";
import { useMethod } from "../i18n/findings";
import { usePromiseText } from "../i18n/promise";
import { vehiclePath } from "../router";
import { useSettings } from "../settings";
import { Figure, Kpi, ShowFinding } from "./figure";
import { Card } from "./states";

const TONES: Record<string, string> = { missed: "bad", gathering: "warn" };
const PER_KM = 1e3;

/** The section of the vehicle page; nothing where no promise is recorded. */
export function PromiseCard({ vehicleId }: { vehicleId: string }) {
  const loaded = useGet<KeptView | null>(`${vehiclePath(vehicleId)}/promise`, 60_000);
  return loaded.data ? <Kept kept={loaded.data} /> : null;
}

function Kept({ kept }: { kept: KeptView }) {
  const t = usePromiseText();
  const title = useTitle();
  const { language } = useSettings();
  const text = language === "zh" ? kept.text_zh : kept.text_en;
  return (
    <Card title={t.title} hint={`${title(kept.promise)} · ${t.since(stamp(kept.promise.start_us))}`} className="promise">
      <p className="said">
        <span className={`tag ${TONES[kept.verdict] ?? ""}`}>{t.verdicts[kept.verdict]}</span> {text}
      </p>
      <div className="kpis auto">
        <PerKm label={t.promised} note={t.promisedNote} finding={kept.promised} />
        <PerKm label={t.expected} note={t.expectedNote} finding={kept.expected} />
        <PerKm label={t.measured} note={margin(kept.measured)} finding={kept.measured} />
        <Kpi label={t.difference} note={t.differenceNote}>
          {kept.ratio.value == null ? MISSING : <Figure finding={kept.ratio} title={t.difference} text={percent(kept.ratio)} />}
        </Kpi>
      </div>
      {kept.causes.length > 0 && (
        <div className="pair">
          <Causes kept={kept} />
          <div>
            <Costs kept={kept} />
            <dl className="values">
              <Pair name={t.mass} promised={words(show(kept.promise.mass_kg, "kg"))} finding={kept.mass} />
              <Pair name={t.speed} promised={words(show(kept.promise.speed_mps, "m/s"))} finding={kept.speed} />
              <Pair name={t.year} promised={words(show(kept.promise.distance_year_m, "m"))} finding={kept.distance_year} />
            </dl>
          </div>
        </div>
      )}
      {kept.terms.length > 0 && <Terms kept={kept} />}
      <Rests kept={kept} />
    </Card>
  );
}

const percent = (finding: Finding) => (finding.value == null ? MISSING : `${signed(finding.value * 100, 1)}\u202f%`);
const half = (finding: Finding) => (finding.low == null || finding.high == null ? 0 : (finding.high - finding.low) / 2);

function PerKm({ label, note, finding }: { label: string; note: string; finding: Finding }) {
  const shown = show(finding.value, finding.unit, finding.name);
  return (
    <Kpi label={label} note={note}>
      {finding.value == null ? MISSING : <Figure finding={finding} title={label} text={shown.text} />} <em>{shown.unit}</em>
    </Kpi>
  );
}

function Pair({ name, promised, finding }: { name: string; promised: string; finding: Finding }) {
  const methodOf = useMethod();
  return (
    <div title={methodOf(finding.method)}>
      <dt>{name}</dt>
      <dd>
        {promised} → {finding.value == null ? MISSING : words(show(finding.value, finding.unit, finding.name))}
      </dd>
    </div>
  );
}

function Causes({ kept }: { kept: KeptView }) {
  const t = usePromiseText();
  const ends = kept.causes.flatMap(({ share }) => [share.low ?? 0, share.high ?? 0]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const at = (value: number) => ((value - low) / (high - low || 1)) * 100;
  return (
    <div className="account causes">
      <h3>
        {t.causes} <span className="sub">{t.causesHint}</span>
      </h3>
      {kept.causes.map((cause) => (
        <Cause key={cause.name} cause={cause} at={at} sure={kept.significant.includes(cause.name)} />
      ))}
    </div>
  );
}

function Cause({ cause, at, sure }: { cause: CauseView; at: (value: number) => number; sure: boolean }) {
  const t = usePromiseText();
  const title = useTitle();
  const methodOf = useMethod();
  const open = useContext(ShowFinding);
  const { share } = cause;
  const value = share.value ?? 0;
  const [left, right] = [at(Math.min(0, value)), at(Math.max(0, value))];
  return (
    <button className="row" onClick={() => open(cause.finding, title(cause))} title={methodOf(cause.finding.method)}>
      <span className="name">
        {title(cause)} <em>{t.groups[cause.group]}</em>
      </span>
      <span className="bar" aria-hidden="true">
        <b style={{ left: `${at(0)}%` }} />
        <i className={sure ? "" : "unsure"} style={{ left: `${left}%`, width: `${Math.max(right - left, 0.35)}%`, background: value > 0 ? "var(--warn)" : "var(--good)" }} />
        <u style={{ left: `${at(share.low ?? value)}%`, width: `${at(share.high ?? value) - at(share.low ?? value)}%` }} />
      </span>
      <span className="v">
        {percent(share)} <em>±&nbsp;{number(half(share) * 100, 1)}</em>
      </span>
    </button>
  );
}

function Costs({ kept }: { kept: KeptView }) {
  const t = usePromiseText();
  const title = useTitle();
  const { language } = useSettings();
  if (!kept.costs.length) return null;
  const money = kept.promise.currency;
  return (
    <>
      <h3>
        {t.costs} <span className="sub">{money}/km</span>
      </h3>
      <table>
        <thead>
          <tr>
            <th>{t.line}</th>
            <th className="v">{t.promised}</th>
            <th className="v">{t.measured}</th>
            <th>{t.rests}</th>
          </tr>
        </thead>
        <tbody>
          {kept.costs.map((line) => (
            <tr key={line.name}>
              <td>{title(line)}</td>
              <td className="v">{number(line.promised * PER_KM, 2)}</td>
              <td className="v">{number((line.finding.value ?? 0) * PER_KM, 2)}</td>
              <td className="sub">{(language === "zh" ? line.basis_zh : line.basis_en) || t.asPromised}</td>
            </tr>
          ))}
          <tr className="total">
            <td>{t.total}</td>
            <td className="v">{number(kept.cost_promised * PER_KM, 2)}</td>
            <td className="v">
              {kept.cost.value == null ? MISSING : <Figure finding={kept.cost} title={t.costs} text={number(kept.cost.value * PER_KM, 2)} />} <em>±&nbsp;{number(half(kept.cost) * PER_KM, 2)}</em>
            </td>
            <td />
          </tr>
        </tbody>
      </table>
    </>
  );
}

function Terms({ kept }: { kept: KeptView }) {
  const t = usePromiseText();
  const title = useTitle();
  const perKm = (jpm: number) => energy(jpm * PER_KM * 100, "MJ");
  return (
    <details>
      <summary>{t.terms}</summary>
      <table>
        <thead>
          <tr>
            <th>{t.term}, MJ/100 km</th>
            <th className="v">{t.promised}</th>
            <th className="v">{t.expected}</th>
            <th className="v">{t.measured}</th>
          </tr>
        </thead>
        <tbody>
          {kept.terms.map((term) => (
            <tr key={term.name}>
              <td>
                <i className="swatch" style={{ background: `var(--e-${term.colour})` }} /> {title(term)}
              </td>
              <td className="v">{perKm(term.promised_jpm)}</td>
              <td className="v">{perKm(term.expected_jpm)}</td>
              <td className="v">
                <Figure finding={term.measured} title={title(term)} text={perKm(term.measured.value ?? 0)} /> <em>±&nbsp;{perKm(half(term.measured))}</em>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Rests({ kept }: { kept: KeptView }) {
  const t = usePromiseText();
  const { language } = useSettings();
  const pick = (pair: readonly unknown[]) => String(pair[language === "zh" ? 1 : 0]);
  const share = (finding: Finding) => (finding.value == null ? MISSING : `${number(finding.value * 100)}\u202f%`);
  const [between, colon, end] = language === "zh" ? ["；", "：", "。"] : ["; ", ": ", ". "];
  return (
    <p className="rests sub">
      {kept.trips.length > 0 && `${t.used(number(kept.trips.length), words(show(kept.distance.value, "m", "distance")), share(kept.coverage_ratio), share(kept.on_road_ratio))} `}
      {kept.left_out.length > 0 && `${t.leftOut}${colon}${kept.left_out.map((one) => `${pick(one)} (${one[2]})`).join(between)}${end}`}
      {`${t.notMeasured}${colon}${kept.not_measured.map(pick).join(between)}${end}`}
    </p>
  );
}
