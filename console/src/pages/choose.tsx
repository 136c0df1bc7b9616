// Choose: the work, the ranking of whole combinations, candidates side by side, what if, the offer.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type ApiError, post, useGet } from "../api/client";
import type { CandidateDetail, ChoiceOptions, ChoiceView, RoadView, Row, VehicleState } from "../api/schema";
import { Compare, halves } from "../components/choose-compare";
import { DutyForm, type Form, tableOf, usual } from "../components/choose-form";
import { WhatIf } from "../components/choose-what-if";
import { Figure } from "../components/figure";
import { Lines } from "../components/lines";
import { Await, Card, Empty, Failed, Loading } from "../components/states";
import { type Column, DataTable } from "../components/table";
import { duration, margin, number, show, signed, use } from "../format";
import { type Text, useText, useTitle } from "../i18n";
import { vehiclePath } from "../router";
import { useSettings } from "../settings";

const RoadMap = lazy(() => import("../map/road-map"));
const MOST = 4;
const PRINTED = 3;

/** What was chosen last, so that leaving the page and coming back loses nothing. */
let kept: { form?: Form; view?: ChoiceView; picked: readonly string[] } = { picked: [] };

export function ChoosePage() {
  const t = useText();
  const loaded = useGet<ChoiceOptions>("/choose/options");
  return (
    <>
      <h1>{t.choose.title}</h1>
      <p className="sub">{t.choose.sub}</p>
      <Await of={loaded} what={t.choose.title}>
        {(options) => <Chooser options={options} />}
      </Await>
    </>
  );
}

function Chooser({ options }: { options: ChoiceOptions }) {
  const [form, setForm] = useState<Form>(() => kept.form ?? usual(options));
  const [view, setView] = useState<ChoiceView | undefined>(kept.view);
  const [open, setOpen] = useState(!kept.view);
  const [busy, setBusy] = useState("");
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    kept = { ...kept, form, ...(view ? { view } : {}) };
  }, [form, view]);
  const run = async () => {
    const name = `${Date.now()}`;
    setBusy(name);
    setError(undefined);
    try {
      const found = await post<ChoiceView>(`/choose?run=${name}`, tableOf(form, options));
      kept = { ...kept, picked: [] };
      setView(found);
      setOpen(false);
    } catch (cause) {
      setError(cause as ApiError);
    }
    setBusy("");
  };
  return (
    <>
      {open ? (
        <DutyForm options={options} form={form} onChange={setForm} onRun={() => void run()} busy={busy} known={view?.duty as Record<string, unknown> | undefined} />
      ) : (
        view && <Asked view={view} onChange={() => setOpen(true)} />
      )}
      {error && <Failed error={error} />}
      {view ? <Found key={view.choice_id} view={view} options={options} /> : !error && <First />}
    </>
  );
}

function First() {
  const t = useText();
  return (
    <Card title={t.choose.firstTitle} hint={t.choose.firstHint} className="first">
      <ol>
        {t.choose.first.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
    </Card>
  );
}

function Asked({ view, onChange }: { view: ChoiceView; onChange: () => void }) {
  const t = useText();
  const titleOf = useTitle();
  const duty = view.duty as Record<string, Record<string, number> | undefined> & { region?: string; rules?: readonly string[] };
  const work = duty.work ?? {};
  return (
    <div className="asked">
      <b>{titleOf(view)}</b>
      <span className="tag">
        {t.choose.perYear(number(work.distance_year_km ?? 0))}
      </span>
      <span className="tag">
        {number(work.years ?? 0, (work.years ?? 0) % 1 ? 1 : 0)} {t.choose.yearUnit}
      </span>
      <span className="tag">{[duty.region, ...(duty.rules ?? [])].join(" · ")}</span>
      <button type="button" onClick={onChange}>
        {t.choose.change}
      </button>
    </div>
  );
}

function Found({ view, options }: { view: ChoiceView; options: ChoiceOptions }) {
  const t = useText();
  const [changed, setChanged] = useState<ChoiceView | null>(null);
  const [picked, setPicked] = useState<readonly string[]>(kept.picked);
  useEffect(() => {
    kept = { ...kept, picked };
  }, [picked]);
  const toggle = useCallback((id: string) => setPicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id].slice(-MOST))), []);
  const shown = changed ?? view;
  const hint = t.choose.rankingHint(number(shown.feasible_count), number(shown.considered_count), number(shown.seconds_s, 1));
  return (
    <>
      <div className="grid mission">
        <Road road={shown.road} />
        <WhatIf view={view} changed={changed} options={options} onView={setChanged} />
      </div>
      <Card title={t.choose.ranking} hint={hint} className="ranking">
        {shown.rows.length ? (
          <Ranking view={shown} base={changed ? view : null} options={options} picked={picked} onToggle={toggle} />
        ) : (
          <Empty>{t.choose.noneFeasible}</Empty>
        )}
      </Card>
      <Picked view={shown} picked={picked} onClear={() => setPicked([])} />
      {picked.length > 0 && <Side view={shown} picked={picked} />}
      <Rejected view={shown} options={options} picked={picked} onToggle={toggle} />
    </>
  );
}

function Road({ road }: { road: RoadView }) {
  const t = useText();
  const titleOf = useTitle();
  const [at, setAt] = useState<number | null>(null);
  const x = useMemo(() => road.distance_m.map((m) => m / 1000), [road]);
  const lines = useMemo(() => [{ title: "", values: road.altitude_m, colour: "--e-climb", fill: true }], [road]);
  const climb = road.altitude_m.reduce((sum, height, k) => sum + Math.max(0, height - (road.altitude_m[k - 1] ?? height)), 0);
  return (
    <Card title={titleOf(road)} hint={t.choose.missionHint(number(x.at(-1) ?? 0), number(climb))} className="road">
      {road.longitude_deg.length > 1 ? (
        <Suspense fallback={<div className="map road"><Loading what={t.map.label} /></div>}>
          <RoadMap road={road} at={at} />
        </Suspense>
      ) : (
        <p className="note">{t.choose.noMap}</p>
      )}
      <Lines x={x} lines={lines} unit="m" xUnit="km" height={104} label={`${t.choose.altitude}: ${titleOf(road)}`} onHover={setAt} />
    </Card>
  );
}

interface Listed {
  view: ChoiceView;
  options: ChoiceOptions;
  picked: readonly string[];
  onToggle: (id: string) => void;
}

/** What people call an energy kind, as the options say it. */
function useEnergy(options: ChoiceOptions): (kind: string) => string {
  const titleOf = useTitle();
  return (kind) => {
    const found = options.energies.find((one) => one.name === kind);
    return found ? titleOf(found) : kind;
  };
}

function pick(t: Text, titleOf: (row: Row) => string, { picked, onToggle }: Pick<Listed, "picked" | "onToggle">): Column<Row> {
  return {
    key: "pick",
    title: "",
    width: "40px",
    value: () => null,
    cell: (row) => (
      <button type="button" role="checkbox" className="tick" aria-checked={picked.includes(row.candidate_id)} aria-label={t.choose.pick(titleOf(row))} onClick={() => onToggle(row.candidate_id)}>
        {picked.includes(row.candidate_id) ? picked.indexOf(row.candidate_id) + 1 : ""}
      </button>
    ),
  };
}

function named(t: Text, titleOf: (row: Row) => string, width: string): Column<Row> {
  return {
    key: "combination",
    title: t.choose.columns.combination,
    width,
    value: (row) => `${titleOf(row)} ${row.tractor} ${row.trailer ?? ""}`,
    cell: (row) => {
      const [first, second] = halves(titleOf(row), row.trailer);
      return (
        <span className="two" title={`${titleOf(row)}\n${row.tractor} + ${row.trailer ?? "–"}`}>
          {first}
          <small>{second || row.tractor}</small>
        </span>
      );
    },
  };
}

function Ranking({ view, base, options, picked, onToggle }: Listed & { base: ChoiceView | null }) {
  const t = useText();
  const titleOf = useTitle();
  const energyOf = useEnergy(options);
  const { language } = useSettings();
  const before = useMemo(() => new Map(base?.rows.map((row) => [row.candidate_id, row])), [base]);
  const columns = useMemo((): Column<Row>[] => {
    const c = t.choose.columns;
    const why = (row: Row) => (language === "zh" ? row.reason_zh : row.reason_en);
    return [
      pick(t, titleOf, { picked, onToggle }),
      {
        key: "rank",
        title: c.rank,
        width: "64px",
        value: (row) => row.rank,
        cell: (row) => (
          <>
            <b>{row.rank}</b>{" "}
            {row.best && (
              <abbr className="best" title={t.choose.best}>
                {t.choose.bestMark}
              </abbr>
            )}
            <Moved row={row} was={before.get(row.candidate_id)} on={base !== null} />
          </>
        ),
      },
      named(t, titleOf, "232px"),
      { key: "energy", title: c.energyKind, value: (row) => energyOf(row.energy_kind), cell: (row) => <span className="clip" title={energyOf(row.energy_kind)}>{energyOf(row.energy_kind)}</span>, width: "80px" },
      { key: "cost", title: `${c.cost} ${view.currency}`, right: true, width: "126px", value: (row) => row.cost?.value ?? null, cell: (row) => <Cost row={row} was={before.get(row.candidate_id)} /> },
      { key: "tkm", title: c.costTkm, right: true, width: "92px", value: (row) => row.cost_tkm?.value ?? null, cell: (row) => row.cost_tkm && <Figure finding={row.cost_tkm} text={show(row.cost_tkm.value, row.cost_tkm.unit).text} /> },
      { key: "use", title: c.use, right: true, width: "104px", value: (row) => row.energy_jpm, cell: (row) => use(row) },
      { key: "payload", title: c.payload, right: true, width: "74px", value: (row) => row.payload_kg, cell: (row) => `${number(row.payload_kg / 1000, 1)} t` },
      { key: "time", title: c.time, right: true, width: "92px", value: (row) => row.time_s, cell: (row) => (row.time_s === null ? "–" : duration(row.time_s)) },
      { key: "range", title: c.range, right: true, width: "76px", value: (row) => row.range_m, cell: (row) => (row.range_m === null ? "–" : `${number(row.range_m / 1000)} km`) },
      { key: "co2", title: c.co2, right: true, width: "84px", value: (row) => row.co2_kgpm, cell: (row) => (row.co2_kgpm === null ? "–" : `${number(row.co2_kgpm * 1e6)} g/km`) },
      { key: "why", title: c.why, value: why, cell: (row) => <span className="why-cell" title={why(row)}>{why(row)}</span> },
    ];
  }, [t, language, picked, onToggle, before, base, options]);
  return <DataTable name="ranking" label={t.choose.ranking} rows={view.rows} columns={columns} rowKey={(row) => row.candidate_id} onSelect={(row) => onToggle(row.candidate_id)} selected={picked} sort={{ key: "rank", down: false }} maxHeight={420} tools={<span className="sub">◆ {t.choose.best}</span>} />;
}

function Moved({ row, was, on }: { row: Row; was: Row | undefined; on: boolean }) {
  if (!on || was?.rank === row.rank) return null;
  if (!was) return <span className="dn"> ＋</span>;
  const up = was.rank - row.rank;
  return <span className={up > 0 ? "dn" : "up"}>{up > 0 ? ` ▲${up}` : ` ▼${-up}`}</span>;
}

function Cost({ row, was }: { row: Row; was: Row | undefined }) {
  if (!row.cost) return null;
  const change = was?.cost?.value != null && row.cost.value !== null ? (row.cost.value - was.cost.value) * 1000 : 0;
  const half = margin(row.cost);
  if (Math.abs(change) < 0.005) return <><Figure finding={row.cost} text={show(row.cost.value, row.cost.unit).text} /> <em className="pm">{half}</em></>;
  return (
    <>
      <span className={change > 0 ? "up" : "dn"}>{signed(change, 2)}</span> <Figure finding={row.cost} text={show(row.cost.value, row.cost.unit).text} /> <em className="pm">{half}</em>
    </>
  );
}

/** Links a vehicle of the fleet to the candidate, so that its trips are held against what was promised. */
function ChosenFor({ view, candidate }: { view: ChoiceView; candidate: string }) {
  const t = useText();
  const vehicles = useGet<readonly VehicleState[]>("/vehicles");
  const [vehicle, setVehicle] = useState("");
  const [done, setDone] = useState<{ of: string; error?: ApiError }>();
  if (!vehicles.data?.length) return null;
  const record = async () => {
    try {
      await post(`/vehicles/${encodeURIComponent(vehicle)}/promise`, { choice_id: view.choice_id, candidate, start_us: Date.now() * 1000 });
      setDone({ of: vehicle + candidate });
    } catch (cause) {
      setDone({ of: vehicle + candidate, error: cause as ApiError });
    }
  };
  const now = done?.of === vehicle + candidate ? done : undefined;
  return (
    <>
      <select value={vehicle} aria-label={t.choose.chosenFor} onChange={(event) => setVehicle(event.target.value)}>
        <option value="">{t.choose.chosenFor}</option>
        {vehicles.data.filter((one) => one.kind !== "trailer").map((one) => (
          <option key={one.vehicle_id} value={one.vehicle_id}>
            {one.plate}
          </option>
        ))}
      </select>
      {now && !now.error ? (
        <a href={vehiclePath(vehicle)}>{t.choose.recorded}</a>
      ) : (
        <button type="button" disabled={!vehicle} onClick={() => void record()}>
          {t.choose.record}
        </button>
      )}
      {now?.error && <span role="alert">{now.error.message}</span>}
    </>
  );
}

function Picked({ view, picked, onClear }: { view: ChoiceView; picked: readonly string[]; onClear: () => void }) {
  const t = useText();
  const [customer, setCustomer] = useState("");
  const href = (language: string) => `/api/choose/${encodeURIComponent(view.choice_id)}/offer.pdf?ids=${picked.slice(0, PRINTED).map(encodeURIComponent).join(",")}&language=${language}&customer=${encodeURIComponent(customer)}`;
  if (!picked.length) return <p className="picked empty">{t.choose.pickHint}</p>;
  return (
    <div className="picked" role="toolbar" aria-label={t.choose.compare}>
      <b>{t.choose.picked(String(picked.length))}</b>
      <span className="sub">{picked.length > PRINTED ? t.choose.printMost : t.choose.pickHint}</span>
      <span className="spacer" />
      {picked.length === 1 && <ChosenFor view={view} candidate={picked[0] as string} />}
      <input value={customer} maxLength={80} placeholder={t.choose.customer} aria-label={t.choose.customer} onChange={(event) => setCustomer(event.target.value)} />
      <span className="sub">{t.choose.print}</span>
      <a className="primary" href={href("zh")} target="_blank" rel="noreferrer" download lang="zh-CN">
        {t.choose.printZh}
      </a>
      <a className="primary" href={href("en")} target="_blank" rel="noreferrer" download lang="en">
        {t.choose.printEn}
      </a>
      <button type="button" onClick={onClear}>
        ×<span className="visually-hidden"> {t.table.clear}</span>
      </button>
    </div>
  );
}

function Side({ view, picked }: { view: ChoiceView; picked: readonly string[] }) {
  const t = useText();
  const loaded = useGet<readonly CandidateDetail[]>(`/choose/${encodeURIComponent(view.choice_id)}/candidates?ids=${picked.map(encodeURIComponent).join(",")}`);
  const last = useRef<readonly CandidateDetail[]>([]);
  if (loaded.data) last.current = loaded.data;
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />;
  const known = last.current.filter((one) => picked.includes(one.row.candidate_id));
  return known.length ? <Compare details={known} currency={view.currency} /> : <Loading what={t.choose.compare} />;
}

function Rejected({ view, options, picked, onToggle }: Listed) {
  const t = useText();
  const titleOf = useTitle();
  const energyOf = useEnergy(options);
  const { language } = useSettings();
  const zh = language === "zh";
  const columns = useMemo((): Column<Row>[] => {
    const why = (row: Row) => (zh ? row.reason_zh : row.reason_en);
    return [
      pick(t, titleOf, { picked, onToggle }),
      named(t, titleOf, "30%"),
      { key: "energy", title: t.choose.columns.energyKind, width: "110px", value: (row) => energyOf(row.energy_kind), cell: (row) => energyOf(row.energy_kind) },
      { key: "why", title: t.choose.reason, value: why, cell: (row) => <span className="why-cell" title={why(row)}>{why(row)}</span> },
    ];
  }, [t, zh, picked, onToggle, options]);
  const most = Math.max(...view.refused.map(([, , count]) => count), 1);
  const count = view.refused.reduce((sum, [, , each]) => sum + each, 0);
  return (
    <>
      <Card title={t.choose.rejected} hint={t.choose.rejectedHint(number(count))} className="rejected">
        {view.refused.length ? (
          <ul className="reasons">
            {view.refused.map(([en, cn, each]) => (
              <li key={en}>
                <span>{zh ? cn : en}</span>
                <span className="bar" aria-hidden="true">
                  <i style={{ width: `${(100 * each) / most}%` }} />
                </span>
                <b>{number(each)}</b>
              </li>
            ))}
          </ul>
        ) : (
          <Empty>{t.choose.noneRejected}</Empty>
        )}
        {view.rejected.length > 0 && <DataTable name="rejected" label={t.choose.rejected} rows={view.rejected} columns={columns} rowKey={(row) => row.candidate_id} onSelect={(row) => onToggle(row.candidate_id)} selected={picked} maxHeight={320} />}
      </Card>
      {view.warnings.length > 0 && (
        <Card title={t.choose.warnings}>
          <ul className="warnings">
            {view.warnings.map(([en, cn]) => (
              <li key={en}>{zh ? cn : en}</li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
