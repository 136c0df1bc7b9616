// Lines over one axis: the profile of a road, the cost of owning over the years.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { number } from "../format";
import { useDark } from "../settings";
import { paint, token } from "./series";

export interface Drawn {
  title: string;
  values: readonly number[];
  colour: string;
  fill?: boolean;
  dash?: number[];
}

interface Props {
  x: readonly number[];
  lines: readonly Drawn[];
  unit: string;
  xUnit: string;
  height: number;
  label: string;
  digits?: number;
  whole?: boolean;
  onHover?: (index: number | null) => void;
}

export function Lines({ x, lines, unit, xUnit, height, label, digits = 0, whole = false, onHover }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const hover = useRef(onHover);
  hover.current = onHover;
  const dark = useDark();
  const data = useMemo((): uPlot.AlignedData => [[...x], ...lines.map((line) => [...line.values])], [x, lines]);
  useEffect(() => {
    if (!box.current) return;
    const axis = { stroke: paint("--ink-3"), grid: { stroke: paint("--line"), width: 1 }, ticks: { show: false }, font: `11px ${token("--font")}` };
    const made = new uPlot(
      {
        width: box.current.clientWidth,
        height,
        padding: [8, 30, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: { x: { time: false } },
        axes: [
          { ...axis, size: 24, ...(whole ? { incrs: [1, 2, 5] } : {}), values: (_, splits) => splits.map((value) => `${number(value)} ${xUnit}`) },
          { ...axis, size: 62, space: 26, values: (_, splits) => splits.map((value) => `${number(value, value % 1 ? Math.max(1, digits) : 0)} ${unit}`) },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            stroke: paint(line.colour),
            width: 1.8,
            ...(line.dash ? { dash: line.dash } : {}),
            ...(line.fill ? { fill: `color-mix(in srgb, ${paint(line.colour)} 26%, transparent)` } : {}),
            points: { show: whole },
          })),
        ],
        hooks: { setCursor: [(self) => hover.current?.((self.cursor.left ?? -1) < 0 ? null : (self.cursor.idx ?? null))] },
      },
      data,
      box.current,
    );
    const observer = new ResizeObserver(() => box.current && made.setSize({ width: box.current.clientWidth, height }));
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [data, dark, height, unit, xUnit]);
  return <div ref={box} role="img" aria-label={label} />;
}
