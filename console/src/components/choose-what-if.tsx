// What if: sliders over the duty of a choice; the ranking follows while they move.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError, post } from "../api/client";
import type { ChoiceOptions, ChoiceView, Option } from "../api/schema";
import { number } from "../format";
import { useText, useTitle } from "../i18n";
import { Figure } from "./figure";
import { Card } from "./states";

const PAUSE_MS = 120;
const RANGE = /^(-?[\d.]+(?:e[+-]?\d+)?) ?(.*?) \((-?[\d.]+(?:e[+-]?\d+)?) to (-?[\d.]+(?:e[+-]?\d+)?)\);/;
/** What the energy of a kind is bought for; the sliders start with those of the kinds that rank first. */
const PRICES: readonly (readonly [kind: string, assumption: string])[] = [["diesel", "diesel"], ["lng", "lng"], ["battery", "depot_charging"], ["fuel_cell", "hydrogen"]];
const PRICED = 2;

interface Slider {
  key: string;
  title: string;
  unit: string;
  low: number;
  high: number;
  step: number;
  start: number;
  digits: number;
}

interface Range {
  value: number;
  low: number;
  high: number;
  unit: string;
}

/** Value, unit and range of an assumption, from the words that the options give: `7 CNY/L (6.3 to 8.2); source`. */
export function rangeOf(option: Option): Range | null {
  const found = RANGE.exec(option.detail);
  if (!found) return null;
  const [, value, unit = "", low, high] = found;
  return { value: Number(value), low: Number(low), high: Number(high), unit };
}

interface Props {
  view: ChoiceView;
  changed: ChoiceView | null;
  options: ChoiceOptions;
  onView: (view: ChoiceView | null) => void;
}

export function WhatIf({ view, changed, options, onView }: Props) {
  const t = useText();
  const titleOf = useTitle();
  const duty = view.duty as Record<string, Record<string, number> | undefined> & { region: string };
  const usable = (options.assumptions[duty.region] ?? []).filter((one) => rangeOf(one));
  const [names, setNames] = useState(() => pricesOf(view).filter((name) => usable.some((one) => one.name === name)).slice(0, PRICED));
  const [moved, setMoved] = useState<Readonly<Record<string, number>>>({});
  const [took, setTook] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState("");
  const latest = useRef(0);
  useEffect(() => {
    const round = ++latest.current;
    if (!Object.keys(moved).length) {
      setTook(null);
      setAsking(false);
      return onView(null);
    }
    const timer = setTimeout(() => {
      const started = performance.now();
      setAsking(true);
      const prices = Object.fromEntries(Object.entries(moved).filter(([key]) => key.startsWith("price.")).map(([key, value]) => [key.slice(6), value]));
      const change = {
        payload_kg: moved.payload === undefined ? null : moved.payload * 1000,
        distance_year_m: moved.year === undefined ? null : moved.year * 1000,
        years: moved.years ?? null,
        grade_ratio: moved.grade ?? null,
        prices,
      };
      post<ChoiceView>(`/choose/${encodeURIComponent(view.choice_id)}/what-if`, change).then(
        (next) => {
          if (round !== latest.current) return;
          setError("");
          setAsking(false);
          setTook(performance.now() - started);
          onView(next);
        },
        (cause: unknown) => {
          if (round !== latest.current || !(cause instanceof ApiError)) return;
          setAsking(false);
          setError(cause.message);
        },
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [moved]);

  const slide = (key: string, value: number) => setMoved((now) => ({ ...now, [key]: value }));
  const first = (changed ?? view).rows[0];
  return (
    <Card title={t.choose.whatIf} hint={asking ? t.choose.asking : took === null ? t.choose.whatIfHint : t.choose.answered(number(took))} className="what-if">
      {slidersOf(view, duty, t.choose).map((one) => (
        <Slide key={one.key} of={one} value={moved[one.key]} onSlide={slide}>
          <span>{one.title}</span>
        </Slide>
      ))}
      {names.map((name, k) => {
        const option = usable.find((one) => one.name === name);
        const range = option && rangeOf(option);
        if (!range) return null;
        const start = duty.prices?.[name] ?? range.value;
        const [low, high] = [Math.min(range.low, start) * 0.7, Math.max(range.high, start) * 1.3];
        return (
          <Slide key={k} of={{ key: `price.${name}`, title: titleOf(option), unit: range.unit, low, high, step: (high - low) / 100 || 0.01, start, digits: high < 20 ? 2 : 0 }} value={moved[`price.${name}`]} onSlide={slide} note={option.detail}>
            <select aria-label={t.choose.assumption} value={name} onChange={(event) => setNames(names.map((old, at) => (at === k ? event.target.value : old)))}>
              {usable.map((one) => (
                <option key={one.name} value={one.name}>
                  {titleOf(one)}
                </option>
              ))}
            </select>
          </Slide>
        );
      })}
      <p className="note leader">
        {first ? (
          <>
            {t.choose.leader} <b>{titleOf(first)}</b> {first.cost && <Figure finding={first.cost} />}
          </>
        ) : (
          t.choose.noneFeasible
        )}
      </p>
      <div className="along">
        <span role="alert" className="up">
          {error}
        </span>
        <button type="button" disabled={!Object.keys(moved).length} onClick={() => setMoved({})}>
          {t.choose.reset}
        </button>
      </div>
    </Card>
  );
}

/** Prices of the energies of a ranking, the leader's first. */
function pricesOf(view: ChoiceView): string[] {
  const ranked = view.rows.flatMap((row) => PRICES.filter(([kind]) => row.energy_kind.startsWith(kind)).map(([, name]) => name));
  return [...new Set([...ranked, ...PRICES.map(([, name]) => name)])];
}

function Slide({ of, value = of.start, onSlide, note, children }: { of: Slider; value?: number; onSlide: (key: string, value: number) => void; note?: string; children: ReactNode }) {
  return (
    <div className={value === of.start ? "slide" : "slide moved"}>
      {children}
      <input type="range" min={of.low} max={of.high} step={of.step} value={value} aria-label={of.title} aria-valuetext={`${number(value, of.digits)} ${of.unit}`} onChange={(event) => onSlide(of.key, event.target.valueAsNumber)} />
      <output title={note}>
        {number(value, of.digits)} <em>{of.unit}</em>
      </output>
    </div>
  );
}

function slidersOf(view: ChoiceView, duty: Record<string, Record<string, number> | undefined>, t: ReturnType<typeof useText>["choose"]): Slider[] {
  const most = Math.max(...view.rows.map((row) => row.payload_kg / 1000), 1);
  const payload = duty.cargo?.payload_t ?? most;
  const year = duty.work?.distance_year_km ?? 140_000;
  return [
    { key: "payload", title: t.payload, unit: "t", low: Math.max(0.5, 0.3 * payload), high: Math.max(1.3 * payload, most), step: 0.1, start: payload, digits: 1 },
    { key: "year", title: t.year, unit: "km", low: Math.min(20_000, 0.5 * year), high: Math.max(250_000, 1.5 * year), step: 1000, start: year, digits: 0 },
    { key: "years", title: t.years, unit: t.yearUnit, low: 1, high: 12, step: 0.5, start: duty.work?.years ?? 5, digits: 1 },
    { key: "grade", title: t.grade, unit: "×", low: 0, high: 2, step: 0.05, start: duty.road?.grade_factor ?? 1, digits: 2 },
  ];
}
