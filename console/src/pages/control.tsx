// Control units: pick a scenario, run it, watch it move, compare two calibrations.
import { type FormEvent, useEffect, useMemo, useState } from "react";
import { type ApiError, post, useGet } from "../api/client";
import type { ScenarioKind, ScenarioParameter, ScenarioRun, ScenarioVerdict } from "../api/schema";
import { Figure } from "../components/figure";
import { PlanViewDrawing } from "../components/plan-view";
import { Await, Card, Empty, Failed } from "../components/states";
import { indexAt, Traces } from "../components/traces";
import { bench, fine, number } from "../format";
import { useText, useTitle } from "../i18n";
import { useColumnTitle } from "../i18n/columns";
import { useSettings } from "../settings";

type Values = Record<string, number | string>;
const SHOWN = 8;

export function ControlPage() {
  const t = useText();
  const loaded = useGet<readonly ScenarioKind[]>("/scenarios");
  return (
    <>
      <h1>{t.control.title}</h1>
      <p className="sub">{t.control.sub}</p>
      <Await of={loaded} what={t.control.title}>
        {(kinds) => (kinds.length ? <Bench kinds={kinds} /> : <Empty>{t.control.none}</Empty>)}
      </Await>
    </>
  );
}

const starts = (parameters: readonly ScenarioParameter[]): Values => Object.fromEntries(parameters.map((one) => [one.name, one.start]));

function changed(parameters: readonly ScenarioParameter[], values: Values): Values {
  return Object.fromEntries(parameters.filter((one) => values[one.name] !== one.start).map((one) => [one.name, values[one.name] ?? one.start]));
}

function Bench({ kinds }: { kinds: readonly ScenarioKind[] }) {
  const t = useText();
  const titleOf = useTitle();
  const [name, setName] = useState(kinds[0]?.name ?? "");
  const kind = kinds.find((one) => one.name === name) as ScenarioKind;
  const [values, setValues] = useState<Values>(() => starts(kind.parameters));
  const [calibration, setCalibration] = useState<Values>(() => starts(kind.calibration));
  const [runs, setRuns] = useState<readonly ScenarioRun[]>([]);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const other = changed(kind.calibration, calibration);
  const choose = (next: string) => {
    const found = kinds.find((one) => one.name === next) as ScenarioKind;
    setName(next);
    setValues(starts(found.parameters));
    setCalibration(starts(found.calibration));
    setRuns([]);
  };
  const run = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const ask = (own: Values) => post<ScenarioRun>(`/scenarios/${encodeURIComponent(name)}`, { parameters: values, calibration: own });
      const first = await ask({});
      setRuns(Object.keys(other).length ? [first, await ask(other)] : [first]);
    } catch (cause) {
      setError(cause as ApiError);
    }
    setBusy(false);
  };
  return (
    <div className="grid control">
      <form className="stack" onSubmit={(event) => void run(event)}>
        <Card title={t.control.scenario}>
          <div className="fields">
            <label>
              <span>{t.control.kind}</span>
              <select aria-label={t.control.scenario} value={name} onChange={(event) => choose(event.target.value)}>
                {kinds.map((one) => (
                  <option key={one.name} value={one.name}>
                    {titleOf(one)}
                  </option>
                ))}
              </select>
            </label>
            {kind.parameters.map((one) => (
              <Field key={`${name}${one.name}`} of={one} value={values[one.name] ?? one.start} onChange={(value) => setValues({ ...values, [one.name]: value })} />
            ))}
            <button className="primary" disabled={busy}>
              {busy ? t.control.running : Object.keys(other).length ? t.control.compare : t.control.run}
            </button>
          </div>
        </Card>
        {kind.calibration.length > 0 && <Calibration kind={kind} values={calibration} onChange={setCalibration} />}
      </form>
      <div className="stack">
        {error && <Failed error={error} />}
        {runs.length ? <Watched runs={runs} plots={kind.plots} /> : !error && <Card title={t.control.watch}><Empty>{t.control.empty}</Empty></Card>}
      </div>
    </div>
  );
}

const rounded = (value: number) => Number(value.toPrecision(6));

function Field({ of, value, onChange }: { of: ScenarioParameter; value: number | string; onChange: (value: number | string) => void }) {
  const titleOf = useTitle();
  const own = useColumnTitle();
  const scale = bench(of.unit, of.name);
  const unit = of.unit ? scale.unit : "";
  const shown = (si: number | null | undefined) => (si === null || si === undefined ? null : of.unit ? rounded(scale.convert(si)) : si);
  const [low, high] = [shown(of.low), shown(of.high)];
  const title = titleOf(of) === of.name ? own(of.name) : titleOf(of);
  return (
    <label title={low !== null && high !== null ? `${low} … ${high} ${unit}` : of.name}>
      <span>
        {title} {unit && <em>{unit}</em>}
      </span>
      {of.options.length ? (
        <select value={value} onChange={(event) => onChange(event.target.value)}>
          {of.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          type="number"
          step="any"
          required
          name={of.name}
          min={low ?? undefined}
          max={high ?? undefined}
          defaultValue={String(shown(value as number))}
          onChange={(event) => {
            const given = event.target.valueAsNumber;
            onChange(given === shown(of.start as number) ? of.start : of.unit ? scale.back(given) : given);
          }}
        />
      )}
    </label>
  );
}

function Calibration({ kind, values, onChange }: { kind: ScenarioKind; values: Values; onChange: (values: Values) => void }) {
  const t = useText();
  const own = useColumnTitle();
  const titleOf = useTitle();
  const [wanted, setWanted] = useState("");
  const [round, setRound] = useState(0);
  const other = changed(kind.calibration, values);
  const listed = kind.calibration.filter((one) => !wanted || `${one.name} ${titleOf(one)} ${own(one.name)}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Card title={t.control.calibration} hint={t.control.changed(String(Object.keys(other).length))}>
      <div className="fields">
        <input type="search" placeholder={t.table.search} aria-label={t.table.search} value={wanted} onChange={(event) => setWanted(event.target.value)} />
        <div className="tall">
          {listed.map((one) => (
            <Field key={`${kind.name}${one.name}${round}`} of={one} value={values[one.name] ?? one.start} onChange={(value) => onChange({ ...values, [one.name]: value })} />
          ))}
        </div>
        {Object.keys(other).length > 0 && (
          <button type="button" onClick={() => (setRound(round + 1), onChange(starts(kind.calibration)))}>
            {t.control.reset}
          </button>
        )}
      </div>
    </Card>
  );
}

function Watched({ runs, plots }: { runs: readonly ScenarioRun[]; plots: ScenarioKind["plots"] }) {
  const t = useText();
  const first = runs[0] as ScenarioRun;
  const end = first.x.at(-1) ?? 0;
  const timed = first.x_name === "time_s";
  const title = useColumnTitle();
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const known = useMemo(() => Object.keys(first.columns).filter((name) => first.columns[name]?.some((value) => value !== null && value !== first.columns[name]?.[0])), [first]);
  const [added, setAdded] = useState<readonly string[]>([]);
  const moving = plots.map((plot) => plot.filter((name) => known.includes(name))).filter((plot) => plot.length);
  const charts = [...(moving.length ? moving : known.slice(0, SHOWN).map((name) => [name])), ...added.map((name) => [name])];
  const names = charts.flat();
  const rate = Math.max(1, end / 30);
  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    let last = performance.now();
    const tick = (now: number) => {
      const passed = ((now - last) / 1000) * rate;
      last = now;
      setAt((old) => Math.min(old + passed, end));
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, end, rate]);
  useEffect(() => {
    if (at >= end) setPlaying(false);
  }, [at, end]);
  useEffect(() => setAt(0), [runs]);
  return (
    <>
      <Card title={t.control.watch} hint={runs.length > 1 ? t.control.legend : ""}>
        {runs.map((run, k) => run.plan && <PlanViewDrawing key={k} run={run} plan={run.plan} index={indexAt(run, at)} />)}
        {timed && <div className="player">
          <button type="button" onClick={() => (at >= end && setAt(0), setPlaying(!playing))}>{playing ? t.control.pause : t.control.play}</button>
          <input type="range" min="0" max={end} step={end / 1000 || 1} value={at} aria-label={t.control.time} onChange={(event) => setAt(event.target.valueAsNumber)} />
          <output>
            {number(at, 2)} / {number(end, 1)} s
          </output>
        </div>}
        <div className="along">
          <span className="sub">{t.control.hint}</span>
          <select value="" aria-label={t.trip.addSignal} onChange={(event) => setAdded([...added, event.target.value])}>
            <option value="">+ {t.trip.addSignal}</option>
            {known.filter((name) => !names.includes(name)).map((name) => (
              <option key={name} value={name}>
                {title(name)}
              </option>
            ))}
          </select>
        </div>
        <Traces runs={runs} charts={charts} at={at} onPick={setAt} />
      </Card>
      <Judged runs={runs} />
    </>
  );
}

const MARK = { pass: "✓", fail: "✗", not_verified: "?" } as const;

function Judged({ runs }: { runs: readonly ScenarioRun[] }) {
  const t = useText();
  const { language } = useSettings();
  const first = runs[0] as ScenarioRun;
  return (
    <>
      <Card title={t.control.verdicts} hint={t.control.verdictsHint}>
        {first.verdicts.length ? (
          <dl className="values">
            {first.verdicts.map((one, k) => (
              <Verdict key={one.requirement} verdicts={runs.map((run) => run.verdicts[k]).filter((found) => found !== undefined)} />
            ))}
          </dl>
        ) : (
          <Empty>{t.control.noVerdicts}</Empty>
        )}
      </Card>
      <Card title={t.control.quantities}>
        <dl className="values">
          {first.quantities.map((finding, k) => (
            <div key={finding.name}>
              <dt>{first.titles[finding.name]?.[language === "zh" ? 1 : 0] ?? finding.name}</dt>
              <dd>
                {runs.map((run, n) => {
                  const own = run.quantities[k];
                  return own && <span key={n} className={n ? "second" : ""}>{n > 0 && " · "}<Figure finding={own} text={fine(own.value, own.unit, own.name)} /></span>;
                })}
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </>
  );
}

function Verdict({ verdicts }: { verdicts: readonly ScenarioVerdict[] }) {
  const t = useText();
  const titleOf = useTitle();
  const one = verdicts[0] as ScenarioVerdict;
  const limits = [one.limit_low !== null ? `≥ ${fine(one.limit_low, one.value.unit, one.value.name)}` : "", one.limit_high !== null ? `≤ ${fine(one.limit_high, one.value.unit, one.value.name)}` : ""].filter(Boolean);
  return (
    <div>
      <dt>
        <span className="mono">{one.requirement}</span> {titleOf({ title_en: one.text_en, title_zh: one.text_zh })} <span className="origin">{one.source}</span>
      </dt>
      <dd>
        {verdicts.map((found, k) => (
          <span key={k} className={`verdict ${found.verdict}`}>
            {k > 0 && " · "}
            {MARK[found.verdict as keyof typeof MARK]} {t.control.verdict[found.verdict as keyof typeof MARK]} {fine(found.value.value, found.value.unit, found.value.name)}
          </span>
        ))}{" "}
        <span className="origin">{limits.join(" ")}</span>
      </dd>
    </div>
  );
}
