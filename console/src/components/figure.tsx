// A figure: value, unit, interval; a click opens what it rests on.
import { createContext, useContext } from "react";
import type { Finding } from "../api/schema";
import { alternative, margin, number, show, tripName, words } from "../format";
import { useText } from "../i18n";
import { useFindingTitle, useMethod } from "../i18n/findings";
import { evidencePath } from "../router";

export const ShowFinding = createContext<(finding: Finding, title: string) => void>(() => {});

export function Figure({ finding, title, text }: { finding: Finding; title?: string; text?: string }) {
  const open = useContext(ShowFinding);
  const t = useText();
  const titleOf = useFindingTitle();
  const methodOf = useMethod();
  const shown = show(finding.value, finding.unit, finding.name);
  const half = margin(finding);
  const name = title ?? titleOf(finding.name);
  return (
    <button className="figure" onClick={() => open(finding, name)} title={methodOf(finding.method) || t.figure.evidence} aria-label={text ? undefined : `${name}: ${words(shown)} ${half}`}>
      {text ?? (
        <>
          {shown.text} <em>{shown.unit}</em> {half && <em className="pm">{half}</em>}
        </>
      )}
    </button>
  );
}

export function Kpi({ label, children, note, tone = "" }: { label: string; children: React.ReactNode; note?: React.ReactNode; tone?: string }) {
  return (
    <div className="k">
      <small>{label}</small>
      <div>{children}</div>
      <p className={tone || "sub"}>{note ?? "\u00a0"}</p>
    </div>
  );
}

/** Everything known about one figure: interval drawn, origin, method, evidence to open. */
export function FindingDetail({ finding, title }: { finding: Finding; title: string }) {
  const t = useText();
  const methodOf = useMethod();
  const { value, low, high } = finding;
  const also = alternative(finding);
  const ends = low != null && high != null && low !== high;
  const [from, to] = ends ? [Math.min(low, 0 < low ? low * 0.8 : low), high] : [0, 1];
  const span = ends ? (to - from) * 1.15 || 1 : 1;
  const at = (x: number) => `${(((x - from) / span) * 90 + 3).toFixed(1)}%`;
  return (
    <div className="finding">
      <h3>{title}</h3>
      <p className="big">
        {words(show(value, finding.unit, finding.name))} {value === null && t.figure.unknown} {also && <small className="sub">= {also}</small>}
      </p>
      {ends && value !== null && (
        <dl>
          <dt>{t.figure.interval}</dt>
          <dd>
            {words(show(low, finding.unit, finding.name))} … {words(show(high, finding.unit, finding.name))}
            <div className="interval" aria-hidden="true">
              <i style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
              <b style={{ left: at(value) }} />
            </div>
          </dd>
        </dl>
      )}
      <dl>
        <dt>{t.figure.origin}</dt>
        <dd>{t.figure.origins[finding.origin]}</dd>
        {finding.method && (
          <>
            <dt>{t.figure.method}</dt>
            <dd>{methodOf(finding.method)}</dd>
          </>
        )}
        <dt>{t.figure.evidence}</dt>
        <dd>{finding.evidence.length ? <EvidenceList evidence={finding.evidence} /> : t.figure.noEvidence}</dd>
      </dl>
    </div>
  );
}

const SHOWN = 8;

function EvidenceList({ evidence }: { evidence: readonly string[] }) {
  const t = useText();
  return (
    <ul className="evidence">
      {evidence.slice(0, SHOWN).map((item) => {
        const path = evidencePath(item);
        const kind = item.slice(0, item.indexOf(":")) as "trip";
        const rest = item.slice(item.indexOf(":") + 1);
        const text = item.startsWith("observations:") ? t.figure.observations : `${t.figure[kind] ?? kind} ${kind === "trip" ? tripName(rest) : rest}`;
        return <li key={item}>{path ? <a href={path}>{text}</a> : text}</li>;
      })}
      {evidence.length > SHOWN && <li>… {number(evidence.length)}</li>}
    </ul>
  );
}
