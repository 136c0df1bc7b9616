// Two to four candidates side by side: drawn to one scale, checked, driven and costed on the same axes.
import { useContext, useMemo, useState } from "react";
import type { CandidateDetail, CheckView, CostLine, Finding, StopView } from "../api/schema";
import { duration, energy, fine, number, use } from "../format";
import { useText, useTitle } from "../i18n";
import { useFindingTitle, useMethod } from "../i18n/findings";
import { useSettings } from "../settings";
import { Figure, ShowFinding } from "./figure";
import { Lines } from "./lines";
import { SideDrawing } from "./side-view";
import { Card } from "./states";

const COLOURS = ["--accent", "--warn", "--e-aero", "--e-driveline"];
const DASHES = [undefined, [7, 3], [2, 3], [9, 3, 2, 3]];
const NUMBERS = ["①", "②", "③", "④"];
const WORST = 8;
const MARK = { pass: "✓", fail: "✗", not_verified: "?" } as const;
const PER_KM = 1000;
/** Colour token of each term of the account; the same as on every page. */
const TERMS: Record<string, string> = {
  engine: "engine", aero_still: "aero", aero_wind: "wind", rolling_tractor: "rolling", rolling_trailer: "rolling", climb: "climb", kinetic: "kinetic", brake_friction: "brake",
  retarder: "retarder", engine_brake: "retarder", driveline: "driveline", motor: "electric", battery: "electric", fuel_cell: "engine", idle: "idle", auxiliary: "auxiliary", unexplained: "unexplained",
};

type Many = readonly CandidateDetail[];

/** The title of a combination cut between its units. */
export function halves(title: string, trailer: string | null): [string, string] {
  const cut = trailer ? title.lastIndexOf("+") : -1;
  return cut < 0 ? [title, ""] : [title.slice(0, cut).trim(), `+ ${title.slice(cut + 1).trim()}`];
}

export function Compare({ details, currency }: { details: Many; currency: string }) {
  const t = useText();
  const length = Math.max(...details.map((one) => one.side.length_m));
  const columns = { gridTemplateColumns: `repeat(${details.length}, minmax(0, 1fr))` };
  return (
    <section className={`compare ${details.length > 2 ? "many" : ""}`} aria-label={t.choose.compare}>
      <div className="columns" style={columns}>
        {details.map((one, k) => (
          <Candidate key={one.row.candidate_id} detail={one} index={k} length={length} beside={details.length} currency={currency} />
        ))}
      </div>
      {details.some((one) => one.costs.length > 0) && (
        <>
          <Costs details={details} currency={currency} />
          <div className="grid halves">
            <Cumulative details={details} currency={currency} />
            <Tornado details={details} currency={currency} />
          </div>
        </>
      )}
      {details.some((one) => total(one.account) > 0) && (
        <Card title={t.choose.energy} hint={t.choose.energyHint}>
          <div className="columns" style={columns}>
            {details.map((one, k) => (
              <Waterfall key={k} detail={one} index={k} most={Math.max(...details.map((other) => total(other.account)))} />
            ))}
          </div>
        </Card>
      )}
    </section>
  );
}

const total = (account: CandidateDetail["account"]) => Object.values(account).reduce((sum, value) => sum + value, 0);

function Candidate({ detail, index, length, beside, currency }: { detail: CandidateDetail; index: number; length: number; beside: number; currency: string }) {
  const t = useText();
  const titleOf = useTitle();
  const { row } = detail;
  const [first, second] = halves(titleOf(row), row.trailer);
  return (
    <article className="card" aria-label={titleOf(row)}>
      <h2>
        <b style={{ color: `var(${COLOURS[index]})` }}>
          {NUMBERS[index]} {first}
          <br />
          {second}
        </b>
      </h2>
      <p className="note mono">{[row.tractor, row.trailer].filter(Boolean).join(" + ")}</p>
      <SideDrawing side={detail.side} length_m={length} beside={beside} title={titleOf(row)} />
      <dl className="values pairs">
        <Pair name={t.choose.columns.cost}>{row.cost && <Figure finding={row.cost} />}</Pair>
        <Pair name={t.choose.columns.costTkm}>{row.cost_tkm && <Figure finding={row.cost_tkm} />}</Pair>
        <Pair name={t.choose.columns.use}>{use(row)}</Pair>
        <Pair name={t.choose.columns.payload}>{number(row.payload_kg / 1000, 1)} t</Pair>
        <Pair name={t.choose.columns.time}>{row.time_s === null ? "–" : duration(row.time_s)}</Pair>
        <Pair name={t.choose.columns.range}>{row.range_m === null ? "–" : `${number(row.range_m / 1000)} km`}</Pair>
        <Pair name={t.choose.columns.co2}>{row.co2_kgpm === null ? "–" : `${number(row.co2_kgpm * 1e6)} g/km`}</Pair>
        <Pair name={t.choose.columns.price}>{row.price === null ? "–" : `${number(row.price)} ${currency}`}</Pair>
      </dl>
      <Checks checks={detail.checks} />
      <h3>{t.choose.performance}</h3>
      <Performance found={detail.performance} />
      <h3>{t.choose.plan}</h3>
      <Plan stops={detail.plan} day={Math.max(...detail.plan.map((stop) => stop.distance_m), 1)} />
    </article>
  );
}

function Pair({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Checks({ checks }: { checks: readonly CheckView[] }) {
  const t = useText();
  const { language } = useSettings();
  const [all, setAll] = useState(false);
  const shown = all ? checks : checks.slice(0, WORST);
  return (
    <>
      <h3>
        {t.choose.checks} <span className="sub">{t.choose.checksHint}</span>
      </h3>
      <ul className="checks">
        {shown.map((one, k) => {
          const remedy = language === "zh" ? one.remedy_zh : one.remedy_en;
          return (
            <li key={k} className={one.outcome}>
              <details>
                <summary>
                  <i aria-hidden="true">{MARK[one.outcome as keyof typeof MARK]}</i>
                  <span>{language === "zh" ? one.title_zh : one.title_en}</span>
                  <b>
                    <span className="visually-hidden">{t.choose.outcome[one.outcome as keyof typeof MARK]} </span>
                    {one.margin_ratio === null ? t.choose.outcome.not_verified : `${one.margin_ratio > 0 ? "+" : ""}${number(100 * one.margin_ratio, 1)} %`}
                  </b>
                </summary>
                <p>{language === "zh" ? one.text_zh : one.text_en}</p>
                {remedy && (
                  <p>
                    {t.choose.remedy} {remedy}
                  </p>
                )}
                <p className="sub">
                  {t.choose.source}: {[one.rule_set, one.version, one.tag, one.source].filter(Boolean).join(" · ")}
                </p>
              </details>
              {one.outcome === "fail" && remedy && <p className="remedy">→ {remedy}</p>}
            </li>
          );
        })}
      </ul>
      {checks.length > WORST && (
        <button type="button" className="more" onClick={() => setAll(!all)}>
          {all ? t.choose.fewerChecks : t.choose.allChecks(String(checks.length))}
        </button>
      )}
    </>
  );
}

function Performance({ found }: { found: readonly Finding[] }) {
  const titleOf = useFindingTitle();
  return (
    <dl className="values">
      {found
        .filter((one) => one.value !== null)
        .map((one) => (
          <Pair key={one.name} name={titleOf(one.name)}>
            <Figure finding={one} text={one.unit === "" && !one.name.endsWith("starts") ? `${number(100 * (one.value ?? 0), 1)} %` : fine(one.value, one.unit, one.name)} />
          </Pair>
        ))}
    </dl>
  );
}

function Plan({ stops, day }: { stops: readonly StopView[]; day: number }) {
  const t = useText();
  if (!stops.length) return <p className="note">{t.choose.noStops}</p>;
  const percent = (ratio: number) => `${number(100 * ratio)} %`;
  return (
    <>
      <div className="day" aria-hidden="true">
        {stops.map((stop, k) => (
          <i key={k} className={stop.kind} style={{ left: `${(92 * stop.distance_m) / day}%` }} />
        ))}
      </div>
      <dl className="values">
        {stops.map((stop, k) => (
          <Pair key={k} name={`${number(stop.distance_m / 1000)} km · ${t.choose.stops[stop.kind] ?? stop.kind}`}>
            {duration(stop.duration_s)} · {t.choose.stored(percent(stop.before_ratio), percent(stop.after_ratio))}
          </Pair>
        ))}
      </dl>
    </>
  );
}

/** The account of one candidate as a waterfall, all of them on one scale. */
function Waterfall({ detail, index, most }: { detail: CandidateDetail; index: number; most: number }) {
  const t = useText();
  const open = useContext(ShowFinding);
  const titleOf = useFindingTitle();
  const sum = total(detail.account);
  let at = 0;
  const rows = Object.keys(TERMS)
    .map((name) => ({ name, value: detail.account[name] ?? 0 }))
    .filter((one) => Math.abs(one.value) >= 5e-4 * sum)
    .map((one) => ({ ...one, from: at, to: (at += one.value) }));
  const share = (joule: number) => `${Math.max(0, (100 * joule) / most)}%`;
  return (
    <div className="account" role="group" aria-label={`${t.choose.energy} ${NUMBERS[index]}`}>
      {rows.map(({ name, value, from, to }) => (
        <button key={name} type="button" className="row" onClick={() => open({ name: `account.${name}`, value, unit: "J", low: null, high: null, origin: "simulated", method: `${t.choose.energy}, ${t.choose.energyHint}`, evidence: [] }, titleOf(name === "battery" ? "account.battery" : name))}>
          <span className="name">{titleOf(name === "battery" ? "account.battery" : name)}</span>
          <span className="bar" aria-hidden="true">
            <i className={value < 0 ? "back" : ""} style={{ left: share(Math.min(from, to)), width: `max(2px, ${share(Math.abs(value))})`, background: `var(--e-${TERMS[name]})` }} />
          </span>
          <span className="v">
            {energy(value, "MJ")} <em>{number((100 * value) / sum)} %</em>
          </span>
        </button>
      ))}
      <div className="row total">
        <span>
          {NUMBERS[index]} {t.choose.total}
        </span>
        <span className="bar">
          <i style={{ left: 0, width: share(sum), background: "var(--ink-2)" }} />
        </span>
        <span className="v">{energy(sum, "MJ")}</span>
      </div>
    </div>
  );
}

const asFinding = (line: CostLine, currency: string): Finding => ({ name: `cost.${line.name}`, value: line.value, unit: `${currency}/m`, low: line.low, high: line.high, origin: "assumed", method: line.source, evidence: [] });

function Costs({ details, currency }: { details: Many; currency: string }) {
  const t = useText();
  const open = useContext(ShowFinding);
  const titleOf = useTitle();
  const methodOf = useMethod();
  const lines = new Map(details.flatMap((one) => one.costs).map((line) => [line.name, line]));
  const most = Math.max(...details.flatMap((one) => one.costs.map((line) => line.high)), 1e-12);
  const share = (cost: number) => `${(100 * cost) / most}%`;
  const size = (name: string) => Math.max(...details.map((one) => Math.abs(one.costs.find((line) => line.name === name)?.value ?? 0)));
  const order = [...lines.values()].filter((line) => size(line.name) > 1e-9).sort((a, b) => size(b.name) - size(a.name));
  return (
    <Card title={t.choose.costs} hint={`${currency}/km, ${t.choose.costsHint}`} className="costs">
      <div className="lines">
      {order.map((line) => (
        <div key={line.name} className="line">
          <span className="name">{titleOf(line)}</span>
          <div>
            {details.map((one, k) => {
              const own = one.costs.find((other) => other.name === line.name);
              if (!own) return null;
              return (
                <button key={k} type="button" className="row" title={methodOf(own.source)} onClick={() => open(asFinding(own, currency), titleOf(line))}>
                  <span aria-hidden="true">{NUMBERS[k]}</span>
                  <span className="bar" aria-hidden="true">
                    <i className={own.value < 0 ? "back" : ""} style={{ left: 0, width: share(Math.abs(own.value)), background: `var(${COLOURS[k]})` }} />
                    <u style={{ left: share(Math.min(Math.abs(own.low), Math.abs(own.high))), width: share(own.high - own.low) }} />
                  </span>
                  <span className="v">
                    {number(own.value * PER_KM, 3)}{" "}
                    <em>
                      {number(own.low * PER_KM, 2)} … {number(own.high * PER_KM, 2)}
                    </em>
                  </span>
                </button>
              );
            })}
          </div>
        </div>
      ))}
      </div>
      <div className="line total">
        <span className="name">{t.choose.sum}</span>
        <div>
          {details.map((one, k) => (
            <div key={k} className="row">
              <span aria-hidden="true">{NUMBERS[k]}</span>
              <span />
              <span className="v">{one.row.cost && <Figure finding={one.row.cost} />}</span>
            </div>
          ))}
        </div>
      </div>
    </Card>
  );
}

function Cumulative({ details, currency }: { details: Many; currency: string }) {
  const t = useText();
  const titleOf = useTitle();
  const { language } = useSettings();
  const years = Math.max(...details.map((one) => one.cumulative.length));
  const x = useMemo(() => Array.from({ length: years }, (_, k) => k + 1), [years]);
  const known = useMemo(() => details.map((one, k) => ({ one, k })).filter(({ one }) => one.cumulative.length > 0), [details]);
  const lines = useMemo(() => known.map(({ one, k }) => ({ title: titleOf(one.row), values: one.cumulative.map((value) => value / 1e6), colour: COLOURS[k] ?? "--ink", ...(DASHES[k] ? { dash: DASHES[k] } : {}) })), [known, language]);
  const crossings = known.flatMap(({ one, k: a }, place) => known.slice(place + 1).flatMap(({ one: other, k: b }) => crossing(one.cumulative, other.cumulative).map((year) => ({ a, b, year }))));
  const unit = language === "zh" ? `百万 ${currency}` : `M ${currency}`;
  return (
    <Card title={t.choose.cumulative} hint={t.choose.overYears(unit)}>
      {years > 0 && <Lines x={x} lines={lines} unit="" xUnit="" height={300} digits={2} whole label={t.choose.cumulative} />}
      <p className="legend keyed">
        {known.map(({ one, k }) => (
          <span key={k}>
            <svg width="26" height="8" aria-hidden="true">
              <path d="M0 4H26" stroke={`var(${COLOURS[k]})`} strokeWidth="2" strokeDasharray={DASHES[k]?.join(" ")} />
            </svg>{" "}
            {NUMBERS[k]} {titleOf(one.row)} <b>{number((one.cumulative.at(-1) ?? 0) / 1e6, 2)}</b>
          </span>
        ))}
      </p>
      <div className="note">
        {crossings.length
          ? crossings.map(({ a, b, year }, k) => {
              const [low, high] = year > 0 ? [NUMBERS[b], NUMBERS[a]] : [NUMBERS[a], NUMBERS[b]];
              return <p key={k}>{t.choose.breakEven(low ?? "", high ?? "", number(Math.abs(year), 1))}</p>;
            })
          : known.length > 1 && t.choose.noBreakEven}
      </div>
    </Card>
  );
}

/** Years at which two cumulative costs cross; positive where the second becomes the cheaper, negative where the first does. */
export function crossing(one: readonly number[], other: readonly number[]): number[] {
  const years: number[] = [];
  for (let k = 1; k < Math.min(one.length, other.length); k++) {
    const [was, is] = [(one[k - 1] ?? 0) - (other[k - 1] ?? 0), (one[k] ?? 0) - (other[k] ?? 0)];
    if (was * is < 0) years.push((k + was / (was - is)) * (is > 0 ? 1 : -1));
  }
  return years;
}

/** Two ends of a range with their unit once: `6.3 … 8.2 CNY/L`. */
function span(low: string, high: string): string {
  const [value = "", ...unit] = low.split(" ");
  return high.endsWith(unit.join(" ")) ? `${value} … ${high}` : `${low} … ${high}`;
}

function Tornado({ details, currency }: { details: Many; currency: string }) {
  const t = useText();
  const [at, setAt] = useState(0);
  const titleOf = useTitle();
  const open = useContext(ShowFinding);
  const detail = details[Math.min(at, details.length - 1)] as CandidateDetail;
  const base = detail.row.cost?.value ?? 0;
  const ends = detail.tornado.flatMap((one) => [one.low_cost, one.high_cost]);
  const [low, high] = [Math.min(base, ...ends), Math.max(base, ...ends)];
  const share = (cost: number) => ((cost - low) / (high - low || 1)) * 100;
  const bars = [...detail.tornado].sort((a, b) => Math.abs(b.high_cost - b.low_cost) - Math.abs(a.high_cost - a.low_cost)).slice(0, 10);
  return (
    <Card
      title={t.choose.tornado}
      hint={
        <span className="choice" role="group" aria-label={t.choose.tornado}>
          {details.map((one, k) => (
            <button key={k} type="button" aria-pressed={k === at} title={titleOf(one.row)} onClick={() => setAt(k)}>
              {NUMBERS[k]}
            </button>
          ))}
        </span>
      }
      className="tornado"
    >
      <p className="note">
        {t.choose.tornadoHint}, {currency}/km
      </p>
      {bars.map((one) => {
        const [left, right] = [Math.min(one.low_cost, one.high_cost), Math.max(one.low_cost, one.high_cost)];
        const finding: Finding = { name: `sensitivity.${one.name}`, value: base, unit: `${currency}/m`, low: left, high: right, origin: "assumed", method: `${one.low_text} … ${one.high_text}; ${one.source}`, evidence: [] };
        return (
          <button key={one.name} type="button" className="row" title={`${one.low_text} … ${one.high_text}; ${one.source}`} onClick={() => open(finding, titleOf(one))}>
            <span className="name">{titleOf(one)}</span>
            <span className="bar" aria-hidden="true">
              <i style={{ left: `${share(left)}%`, width: `${Math.max(0.4, share(Math.min(base, right)) - share(left))}%`, background: "var(--good)" }} />
              <i style={{ left: `${share(Math.max(base, left))}%`, width: `${Math.max(0.4, share(right) - share(Math.max(base, left)))}%`, background: "var(--e-brake)" }} />
              <b style={{ left: `${share(base)}%` }} />
            </span>
            <span className="v">
              {number(left * PER_KM, 2)} … {number(right * PER_KM, 2)}
              <em>{span(one.low_text, one.high_text)}</em>
            </span>
          </button>
        );
      })}
    </Card>
  );
}
