// Signals over time, one small chart each, with one cursor for all of them.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { SeriesView } from "../api/schema";
import { clock, clockSeconds, converter, MISSING, number, stamp } from "../format";
import { useText } from "../i18n";
import { useDark, useSettings } from "../settings";

export interface Plotted {
  name: string;
  title: string;
  colour: string;
  fill?: boolean;
}

interface Props {
  series: SeriesView;
  plotted: readonly Plotted[];
  at: number | null;
  onHover: (index: number | null) => void;
  height?: number;
}

export function SeriesCharts({ series, plotted, at, onHover, height = 92 }: Props) {
  return (
    <div className="charts">
      {plotted.map((one, index) => (
        <Chart key={one.name} series={series} one={one} at={at} onHover={onHover} height={height} last={index === plotted.length - 1} />
      ))}
    </div>
  );
}

export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);

/** A token's colour as canvas understands it, light-dark() resolved. */
export function paint(name: string): string {
  if (!name.startsWith("--")) return name;
  const pair = /^light-dark\(([^,]+),([^)]+)\)$/.exec(token(name).trim());
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme?.match(/light|dark/) && matchMedia("(prefers-color-scheme: dark)").matches);
  return (pair ? (dark ? pair[2] : pair[1]) : token(name))?.trim() ?? "";
}

function Chart({ series, one, at, onHover, height, last }: Omit<Props, "plotted"> & { one: Plotted; height: number; last: boolean }) {
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const hover = useRef(onHover);
  hover.current = onHover;
  const dark = useDark();
  const { language } = useSettings();
  const { unit, digits, convert } = converter(series.units[one.name] ?? "", one.name);
  const data = useMemo((): uPlot.AlignedData => {
    const column = series.columns[one.name] ?? [];
    return [series.time_us.map((us) => us / 1e6), column.map((value) => (value === null ? null : convert(value)))];
  }, [series, one.name, unit]);

  useEffect(() => {
    if (!box.current) return;
    const line = paint("--line");
    const axis = { stroke: paint("--ink-3"), grid: { stroke: line, width: 1 }, ticks: { show: false }, font: `11px ${token("--font")}` };
    const span = (data[0].at(-1) ?? 0) - (data[0][0] ?? 0);
    const made = new uPlot(
      {
        width: box.current.clientWidth,
        height: height + (last ? 26 : 0),
        padding: [8, 12, last ? 0 : 6, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: { x: { time: true }, y: { range: (_, low, high) => spread(low, high, one.name) } },
        axes: [
          { ...axis, show: last, size: 26, values: (_, splits) => splits.map((s) => (span > 86_400 ? stamp(s * 1e6) : clock(s * 1e6))), space: span > 86_400 ? 110 : 70 },
          { ...axis, size: 54, space: 26, values: (_, splits) => splits.map((value) => number(value, value % 1 ? Math.max(1, digits) : 0)) },
        ],
        series: [{}, { stroke: paint(one.colour), width: 1.6, fill: one.fill ? `color-mix(in srgb, ${paint(one.colour)} 22%, transparent)` : undefined, points: { show: false }, spanGaps: false }],
        hooks: { setCursor: [(self) => self.cursor.event && hover.current((self.cursor.left ?? -1) < 0 ? null : (self.cursor.idx ?? null))] },
      },
      data,
      box.current,
    );
    made.over.addEventListener("mouseleave", () => hover.current(null));
    plot.current = made;
    const observer = new ResizeObserver(() => box.current && made.setSize({ width: box.current.clientWidth, height: height + (last ? 26 : 0) }));
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [data, dark, language, height, last, one.colour]);

  useEffect(() => {
    const made = plot.current;
    const time = at === null ? undefined : made?.data[0][at];
    if (!made) return;
    made.setCursor(time === undefined ? { left: -10, top: -10 } : { left: made.valToPos(time, "x"), top: 0 }, false);
  }, [at, data]);

  const value = at === null ? undefined : data[1]?.[at];
  return (
    <figure className="chart">
      <figcaption>
        <span>{one.title}</span> <em>{unit}</em>
        {at !== null && (
          <b>
            {value === null || value === undefined ? `${MISSING} ${t.state.noData}` : number(value, Math.max(digits, 1))} <em>{clockSeconds(series.time_us[at] ?? 0)}</em>
          </b>
        )}
      </figcaption>
      <div ref={box} />
    </figure>
  );
}

function spread(low: number | null, high: number | null, name: string): [number, number] {
  if (low === null || high === null) return [0, 1];
  const from = name.startsWith("speed") || name.endsWith("_ratio") ? Math.min(0, low) : low;
  const room = Math.max((high - from) * 0.08, Math.abs(high) * 0.01, 0.5);
  return [from === 0 ? 0 : from - room, high + room];
}
