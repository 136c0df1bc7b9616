// The work, as a MISSION.toml says it: what a newcomer must know in one row, the rest folded away with its usual values.
import { type FormEvent, useEffect, useState } from "react";
import { get } from "../api/client";
import type { ChoiceOptions, Option, Stage } from "../api/schema";
import { number } from "../format";
import { useText, useTitle } from "../i18n";

type Section = "road" | "cargo" | "work" | "supply" | "limits";
type Lists = "rules" | "energies" | "tractors" | "trailers";
type Row = Readonly<Record<string, unknown>>;

/** What the form holds: numbers as they were typed, empty where the usual value holds. */
export interface Form {
  mission: string;
  back: string;
  kind: string;
  region: string;
  numbers: Readonly<Record<string, string>>;
  lists: Readonly<Record<Lists, readonly string[]>>;
}

const TRUNK: Form = {
  mission: "trunk-jinan-qingdao",
  back: "empty",
  kind: "general-pallets",
  region: "cn",
  numbers: { "cargo.payload_t": "30", "work.distance_day_km": "600", "work.distance_year_km": "140000", "work.years": "5" },
  lists: { rules: [], energies: [], tractors: [], trailers: [] },
};
const LIMITS: readonly (readonly [Section, string, string])[] = [
  ["limits", "start_grade_percent", "%"], ["limits", "climb_grade_percent", "%"], ["limits", "climb_speed_kmh", "km/h"], ["limits", "descent_grade_percent", "%"],
  ["limits", "descent_speed_kmh", "km/h"], ["limits", "friction", ""], ["limits", "coldest_c", "°C"], ["work", "temperature_c", "°C"], ["limits", "trip_h", "h"],
  ["road", "grade_factor", ""], ["cargo", "density_kg_m3", "kg/m³"],
];
const SUPPLY: readonly (readonly [Section, string, string])[] = [
  ["supply", "depot_kw", "kW"], ["supply", "depot_h", "h"], ["supply", "public_kw", "kW"], ["supply", "swap_min", "min"], ["supply", "reserve_percent", "%"],
];
const BACKS = ["empty", "laden", "none"] as const;

/** The usual work, in names that the options know. */
export function usual(options: ChoiceOptions): Form {
  const known = (list: readonly Option[], name: string) => (list.some((one) => one.name === name) ? name : (list[0]?.name ?? ""));
  return { ...TRUNK, mission: known(options.missions, TRUNK.mission), kind: known(options.cargoes, TRUNK.kind), region: known(options.regions, TRUNK.region) };
}

/** The table that is sent: the same keys as a MISSION.toml. */
export function tableOf(form: Form, options: ChoiceOptions): Row {
  const table: Record<Section, Record<string, unknown>> = { road: { mission: form.mission, back: form.back }, cargo: { kind: form.kind }, work: {}, supply: {}, limits: {} };
  for (const [name, text] of Object.entries(form.numbers)) {
    const [section, key] = name.split(".") as [Section, string];
    if (text !== "") table[section][key] = Number(text);
  }
  const said = (language: "title_en" | "title_zh") => {
    const [cargo, way] = [options.cargoes.find((one) => one.name === form.kind), options.missions.find((one) => one.name === form.mission)];
    const mass = form.numbers["cargo.payload_t"];
    return [cargo?.[language], mass && `${mass} t`, way?.[language]].filter(Boolean).join(language === "title_zh" ? "，" : ", ");
  };
  return { name: "page", title_en: said("title_en"), title_zh: said("title_zh"), region: form.region, ...form.lists, ...table };
}

interface Props {
  options: ChoiceOptions;
  form: Form;
  onChange: (form: Form) => void;
  onRun: () => void;
  /** Name of the run that is under way, empty while none is. */
  busy: string;
  /** The duty of the last ranking, with every usual value written out. */
  known: Row | undefined;
}

export function DutyForm({ options, form, onChange, onRun, busy, known }: Props) {
  const t = useText();
  const set = (part: Partial<Form>) => onChange({ ...form, ...part });
  const field = (section: Section, key: string, unit: string, title: string, empty = t.choose.usual) => {
    const name = `${section}.${key}`;
    const was = (known?.[section] as Row | undefined)?.[key];
    return (
      <label key={name}>
        <span>
          {title} {unit && <em>{unit}</em>}
        </span>
        <input
          type="number"
          step="any"
          name={name}
          value={form.numbers[name] ?? ""}
          placeholder={was === undefined || was === null ? empty : `${t.choose.usual} ${String(was)}`}
          onChange={(event) => set({ numbers: { ...form.numbers, [name]: event.target.value } })}
        />
      </label>
    );
  };
  const toggle = (list: Lists, name: string) => {
    const now = form.lists[list];
    set({ lists: { ...form.lists, [list]: now.includes(name) ? now.filter((one) => one !== name) : [...now, name] } });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun();
  };
  const units = form.lists.tractors.length + form.lists.trailers.length;
  const rest = (fields: typeof LIMITS) => <div className="duty">{fields.map(([section, key, unit]) => field(section, key, unit, t.choose.fields[key] ?? key))}</div>;
  return (
    <form className="card duty-form" aria-label={t.choose.work} onSubmit={submit}>
      <h2>
        {t.choose.work}
        <span>{t.choose.workHint}</span>
      </h2>
      <div className="duty">
        <Pick title={t.choose.road} of={options.missions} value={form.mission} onChange={(mission) => set({ mission })} />
        <label>
          <span>{t.choose.back}</span>
          <select value={form.back} onChange={(event) => set({ back: event.target.value })}>
            {BACKS.map((back) => (
              <option key={back} value={back}>
                {t.choose.backs[back]}
              </option>
            ))}
          </select>
        </label>
        <Pick title={t.choose.cargo} of={options.cargoes} value={form.kind} onChange={(kind) => set({ kind })} />
        {field("cargo", "payload_t", "t", t.choose.payload, t.choose.payloadMost)}
        {field("work", "distance_day_km", "km", t.choose.day)}
        {field("work", "distance_year_km", "km", t.choose.year)}
        {field("work", "years", t.choose.yearUnit, t.choose.years)}
        <Pick title={t.choose.region} of={options.regions} value={form.region} onChange={(region) => set({ region })} />
      </div>
      <Chips title={t.choose.energies} all={t.choose.anyEnergy} of={options.energies} on={form.lists.energies} onToggle={(name) => toggle("energies", name)} onAll={() => set({ lists: { ...form.lists, energies: [] } })} />
      <details>
        <summary>{t.choose.more.limits}</summary>
        {rest(LIMITS)}
      </details>
      <details>
        <summary>{t.choose.more.supply}</summary>
        {rest(SUPPLY)}
      </details>
      <details>
        <summary>
          {t.choose.more.rules} <em>{form.lists.rules.length ? form.lists.rules.join(", ") : t.choose.rulesUsual}</em>
        </summary>
        <Chips title={t.choose.rules} all={t.choose.rulesUsual} of={options.rules} on={form.lists.rules} onToggle={(name) => toggle("rules", name)} onAll={() => set({ lists: { ...form.lists, rules: [] } })} />
      </details>
      <details>
        <summary>
          {t.choose.more.units} <em>{units ? t.choose.unitsSome(String(units)) : t.choose.unitsAll}</em>
        </summary>
        <div className="unit-lists">
          <Ticks title={t.choose.tractors} of={options.tractors} on={form.lists.tractors} onToggle={(name) => toggle("tractors", name)} />
          <Ticks title={t.choose.trailers} of={options.trailers} on={form.lists.trailers} onToggle={(name) => toggle("trailers", name)} />
        </div>
      </details>
      <div className="run">
        <button className="primary" disabled={!!busy}>
          {busy ? t.choose.running : t.choose.run}
        </button>
        {busy && <Progress run={busy} />}
      </div>
    </form>
  );
}

/** What is being done now, in words, with the seconds it has taken. */
function Progress({ run }: { run: string }) {
  const t = useText();
  const [seconds, setSeconds] = useState(0);
  const [stage, setStage] = useState<Stage>();
  useEffect(() => {
    const timer = setInterval(() => {
      setSeconds((now) => now + 0.5);
      get<Stage>(`/choose/running/${run}`).then(setStage, () => undefined);
    }, 500);
    return () => clearInterval(timer);
  }, [run]);
  const said = t.choose.stages[stage?.stage ?? ""] ?? t.choose.stages[""];
  return (
    <span role="status" className="sub">
      {said?.(number(stage?.done_count ?? 0), number(stage?.all_count ?? 0))} · {t.choose.elapsed(number(seconds))}
    </span>
  );
}

function Pick({ title, of, value, onChange }: { title: string; of: readonly Option[]; value: string; onChange: (name: string) => void }) {
  const titleOf = useTitle();
  const detail = of.find((one) => one.name === value)?.detail;
  return (
    <label>
      <span>
        {title} {detail && <em>{detail}</em>}
      </span>
      <select aria-label={title} value={value} onChange={(event) => onChange(event.target.value)}>
        {of.map((one) => (
          <option key={one.name} value={one.name}>
            {titleOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Chips({ title, all, of, on, onToggle, onAll }: { title: string; all: string; of: readonly Option[]; on: readonly string[]; onToggle: (name: string) => void; onAll: () => void }) {
  const titleOf = useTitle();
  return (
    <div className="chips" role="group" aria-label={title}>
      <span className="sub">{title}</span>
      <button type="button" aria-pressed={on.length === 0} onClick={onAll}>
        {all}
      </button>
      {of.map((one) => (
        <button key={one.name} type="button" aria-pressed={on.includes(one.name)} title={one.detail || undefined} onClick={() => onToggle(one.name)}>
          {titleOf(one)}
        </button>
      ))}
    </div>
  );
}

function Ticks({ title, of, on, onToggle }: { title: string; of: readonly Option[]; on: readonly string[]; onToggle: (name: string) => void }) {
  const t = useText();
  const titleOf = useTitle();
  const [wanted, setWanted] = useState("");
  const shown = of.filter((one) => `${titleOf(one)} ${one.name}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <fieldset>
      <legend>{title}</legend>
      <input type="search" value={wanted} placeholder={t.table.search} aria-label={`${t.table.search}: ${title}`} onChange={(event) => setWanted(event.target.value)} />
      <div className="tall">
        {shown.map((one) => (
          <label key={one.name} title={one.detail}>
            <input type="checkbox" checked={on.includes(one.name)} onChange={() => onToggle(one.name)} /> {titleOf(one)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
