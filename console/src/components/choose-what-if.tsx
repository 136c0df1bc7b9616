// What if: sliders over the duty of a choice; the ranking follows while they move.
import { useEffect, useRef, useState } from "react";
import { ApiError, post } from "../api/client";
import type { ChoiceOptions, ChoiceView, Option } from "../api/schema";
import { number } from "../format";
import { useText, useTitle } from "../i18n";
import { Card } from "./states";

const PAUSE_MS = 120;
const RANGE = /^(-?[\d.]+(?:e[+-]?\d+)?) ?(.*?) \((-?[\d.]+(?:e[+-]?\d+)?) to (-?[\d.]+(?:e[+-]?\d+)?)\);/;
const FIRST = ["diesel", "lng", "depot_charging", "public_charging", "battery"];

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

export function WhatIf({ view, options, onView }: { view: ChoiceView; options: ChoiceOptions; onView: (view: ChoiceView | null) => void }) {
  const t = useText();
  const titleOf = useTitle();
  const duty = view.duty as Record<string, Record<string, number> | undefined> & { region: string };
  const usable = (options.assumptions[duty.region] ?? []).filter((one) => rangeOf(one));
  const [assumption, setAssumption] = useState(() => (FIRST.find((name) => usable.some((one) => one.name === name)) ?? usable[0]?.name ?? ""));
  const [moved, setMoved] = useState<Readonly<Record<string, number>>>({});
  const [took, setTook] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState("");
  const latest = useRef(0);
  const chosen = usable.find((one) => one.name === assumption);
  const range = chosen && rangeOf(chosen);
  const sliders = slidersOf(view, duty, t.choose);
  const price = duty.prices?.[assumption] ?? range?.value ?? 0;

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
  const shown: Slider[] = [...sliders, ...(range ? [{ key: `price.${assumption}`, title: "", unit: range.unit, low: Math.min(range.low, price) * 0.7, high: Math.max(range.high, price) * 1.3, step: (range.high - range.low) / 50 || 0.01, start: price, digits: range.high < 10 ? 2 : 0 }] : [])];
  return (
    <Card title={t.choose.whatIf} hint={asking ? t.choose.asking : took === null ? t.choose.whatIfHint : t.choose.answered(number(took))} className="what-if">
      {shown.map((one) => {
        const value = moved[one.key] ?? one.start;
        const title = one.title || (chosen ? titleOf(chosen) : "");
        return (
          <div key={one.key.startsWith("price.") ? "price" : one.key} className={moved[one.key] === undefined ? "slide" : "slide moved"}>
            {one.title ? (
              <span>{one.title}</span>
            ) : (
              <select aria-label={t.choose.assumption} value={assumption} onChange={(event) => setAssumption(event.target.value)}>
                {usable.map((option) => (
                  <option key={option.name} value={option.name}>
                    {titleOf(option)}
                  </option>
                ))}
              </select>
            )}
            <input type="range" min={one.low} max={one.high} step={one.step} value={value} aria-label={title} aria-valuetext={`${number(value, one.digits)} ${one.unit}`} onChange={(event) => slide(one.key, event.target.valueAsNumber)} />
            <output title={one.title ? undefined : chosen?.detail}>
              {number(value, one.digits)} <em>{one.unit}</em>
            </output>
          </div>
        );
      })}
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
