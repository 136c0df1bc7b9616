// Columns of one run, or of two laid over each other, over seconds; one cursor for all charts.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ScenarioRun } from "../api/schema";
import { converter, MISSING, number } from "../format";
import { useDark } from "../settings";
import { paint, token } from "./series";

interface Props {
  runs: readonly ScenarioRun[];
  names: readonly string[];
  title: (name: string) => string;
  at: number | null;
  onPick: (seconds: number) => void;
}
const COLOURS = ["--accent", "--e-engine"];
const HEIGHT = 96;

export function Traces({ runs, names, title, at, onPick }: Props) {
  return (
    <div className="charts">
      {names.map((name, index) => (
        <Trace key={name} runs={runs} name={name} title={title(name)} at={at} onPick={onPick} last={index === names.length - 1} />
      ))}
    </div>
  );
}

const STEPPED = /(_state|_count)$/;

function Trace({ runs, name, title, at, onPick, last }: { runs: readonly ScenarioRun[]; name: string; title: string; at: number | null; onPick: (seconds: number) => void; last: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const dark = useDark();
  const { unit, digits, convert } = converter(runs[0]?.units[name] ?? "", name);
  const data = useMemo((): uPlot.AlignedData => {
    const tables = runs.map((run): uPlot.AlignedData => [[...run.time_s], (run.columns[name] ?? []).map((value) => (value === null ? null : convert(value)))]);
    return tables.length > 1 ? uPlot.join(tables) : (tables[0] ?? [[], []]);
  }, [runs, name, unit]);

  useEffect(() => {
    if (!box.current) return;
    const axis = { stroke: paint("--ink-3"), grid: { stroke: paint("--line"), width: 1 }, ticks: { show: false }, font: `11px ${token("--font")}` };
    const made = new uPlot(
      {
        width: box.current.clientWidth,
        height: HEIGHT + (last ? 26 : 0),
        padding: [8, 12, last ? 0 : 6, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: { x: { time: false } },
        axes: [
          { ...axis, show: last, size: 26, values: (_, splits) => splits.map((s) => `${number(s, s % 1 ? 1 : 0)} s`) },
          { ...axis, size: 60, space: 26, values: (_, splits) => splits.map((value) => number(value, value % 1 ? Math.max(1, digits) : 0)) },
        ],
        series: [
          {},
          ...runs.map((_, k) => ({
            stroke: paint(COLOURS[k] ?? "--ink"),
            width: 1.6,
            dash: k ? [6, 3] : undefined,
            points: { show: false },
            spanGaps: runs.length > 1,
            paths: STEPPED.test(name) ? uPlot.paths.stepped?.({ align: 1 }) : undefined,
          })),
        ],
      },
      data,
      box.current,
    );
    made.over.addEventListener("click", () => {
      const left = made.cursor.left ?? -1;
      if (left >= 0) pick.current(made.posToVal(left, "x"));
    });
    plot.current = made;
    const observer = new ResizeObserver(() => box.current && made.setSize({ width: box.current.clientWidth, height: HEIGHT + (last ? 26 : 0) }));
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [data, dark, last, runs.length]);

  useEffect(() => {
    plot.current?.setCursor(at === null ? { left: -10, top: -10 } : { left: plot.current.valToPos(at, "x"), top: 0 }, false);
  }, [at, data]);

  return (
    <figure className="chart">
      <figcaption>
        <span>{title}</span> <em>{unit}</em>
        {at !== null && (
          <b>
            {runs.map((run, k) => {
              const value = run.columns[name]?.[indexAt(run, at)];
              return (
                <span key={k} style={{ color: `var(${COLOURS[k]})` }}>
                  {k > 0 && " · "}
                  {value === null || value === undefined ? MISSING : number(convert(value), Math.max(digits, 1))}
                </span>
              );
            })}
          </b>
        )}
      </figcaption>
      <div ref={box} />
    </figure>
  );
}

/** Index of the last sample at or before a time. */
export function indexAt(run: ScenarioRun, seconds: number): number {
  let [low, high] = [0, run.time_s.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((run.time_s[middle] ?? 0) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}
