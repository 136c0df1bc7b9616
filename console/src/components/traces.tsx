// Columns of one run, or of two laid over each other; one cursor for all charts.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ScenarioRun } from "../api/schema";
import { bench, MISSING, number } from "../format";
import { useColumnTitle } from "../i18n/columns";
import { useDark } from "../settings";
import { paint, token } from "./series";

interface Props {
  runs: readonly ScenarioRun[];
  charts: readonly (readonly string[])[];
  at: number | null;
  onPick: (x: number) => void;
}
const COLOURS = ["--accent", "--e-engine", "--e-aero", "--e-driveline", "--e-brake", "--e-climb", "--e-electric", "--e-rolling"];
const DASHES = [undefined, [6, 3]];
const HEIGHT = 104;
const STEPPED = /(_state|_count)$/;

export function Traces({ runs, charts, at, onPick }: Props) {
  return (
    <div className="charts">
      {charts.map((names, index) => (
        <Trace key={names.join()} runs={runs} names={names} at={at} onPick={onPick} last={index === charts.length - 1} />
      ))}
    </div>
  );
}

function Trace({ runs, names, at, onPick, last }: { runs: readonly ScenarioRun[]; names: readonly string[]; at: number | null; onPick: (x: number) => void; last: boolean }) {
  const title = useColumnTitle();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const dark = useDark();
  const first = names[0] ?? "";
  const { unit, digits, convert } = bench(runs[0]?.units[first] ?? "", first);
  const over = bench(runs[0]?.x_name === "time_s" ? "s" : "", runs[0]?.x_name ?? "");
  const data = useMemo((): uPlot.AlignedData => {
    const tables = runs.map((run): uPlot.AlignedData => [[...run.x], ...names.map((name) => (run.columns[name] ?? []).map((value) => (value === null ? null : convert(value))))]);
    return tables.length > 1 ? uPlot.join(tables) : (tables[0] ?? [[], []]);
  }, [runs, names.join(), unit]);

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
          { ...axis, show: last, size: 26, values: (_, splits) => splits.map((x) => `${number(x, x % 1 ? 1 : 0)} ${over.unit}`) },
          { ...axis, size: 60, space: 26, values: (_, splits) => splits.map((value) => number(value, value % 1 ? Math.max(1, digits) : 0)) },
        ],
        series: [
          {},
          ...runs.flatMap((_, run) =>
            names.map((name, k) => ({
              stroke: paint(COLOURS[k % COLOURS.length] ?? "--ink"),
              width: 1.6,
              dash: DASHES[run],
              points: { show: false },
              spanGaps: runs.length > 1,
              paths: STEPPED.test(name) ? uPlot.paths.stepped?.({ align: 1 }) : undefined,
            })),
          ),
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
      <figcaption className="legend">
        {names.map((name, k) => (
          <span key={name}>
            <i style={{ background: `var(${COLOURS[k % COLOURS.length]})` }} aria-hidden="true" />
            {title(name)}
            {at !== null && (
              <b>
                {runs
                  .map((run) => run.columns[name]?.[indexAt(run, at)])
                  .map((value) => (value === null || value === undefined ? MISSING : number(convert(value), Math.max(digits, STEPPED.test(name) ? 0 : 1))))
                  .join(" · ")}
              </b>
            )}
          </span>
        ))}
        <em>{unit}</em>
      </figcaption>
      <div ref={box} />
    </figure>
  );
}

/** Index of the last sample at or before a place on the axis. */
export function indexAt(run: ScenarioRun, x: number): number {
  let [low, high] = [0, run.x.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((run.x[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
