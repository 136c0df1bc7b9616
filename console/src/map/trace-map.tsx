// A trip on the map: the trace coloured by speed or power, and the dot that follows the charts.
import type { Feature, FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { useEffect, useMemo, useRef } from "react";
import type { SeriesView } from "../api/schema";
import { number } from "../format";
import { useText } from "../i18n";
import { colour, empty } from "./base";
import { useMap } from "./use-map";

export type ColourBy = "speed" | "power";
const RAMPS = {
  speed: ["#6b3fa0", "#2f7fb8", "#2aa198", "#b9c26a", "#e8b23a"],
  power: ["#2e9e6b", "#7fc9a4", "#a9b0ac", "#e0a75a", "#c2571a"],
} as const;

interface Props {
  series: SeriesView;
  colourBy: ColourBy;
  at: number | null;
  onHover: (index: number | null) => void;
}

export default function TraceMap({ series, colourBy, at, onHover }: Props) {
  const t = useText();
  const hover = useRef(onHover);
  hover.current = onHover;
  const trace = useMemo(() => traceOf(series, colourBy), [series, colourBy]);
  const shown = useRef(trace);
  shown.current = trace;
  const { ref, map, failed } = useMap((made) => {
    addTrace(made);
    made.on("mousemove", (event) => hover.current(nearest(made, shown.current.points, event.point)));
    made.on("mouseout", () => hover.current(null));
  });

  useEffect(() => {
    if (!map) return;
    map.getSource<GeoJSONSource>("trace")?.setData(trace.segments);
    map.getSource<GeoJSONSource>("ends")?.setData(trace.ends);
  }, [map, trace]);
  useEffect(() => {
    const placed = trace.points.filter((point) => point !== null);
    if (!map || !placed.length) return;
    const [lon, lat] = [placed.map((p) => p[0]), placed.map((p) => p[1])];
    map.fitBounds([Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)], { padding: { top: 42, bottom: 48, left: 56, right: 72 }, maxZoom: 13, animate: false });
  }, [map, series]);
  useEffect(() => {
    const point = at === null ? null : trace.points[at];
    map?.getSource<GeoJSONSource>("dot")?.setData(point ? { type: "Point", coordinates: point } : empty());
  }, [map, at, trace]);

  return (
    <div className="map trace" role="region" aria-label={t.trip.route}>
      <div ref={ref} className="canvas" />
      {failed && <p className="state">{t.map.failed}</p>}
      <div className="ramp" aria-label={`${colourBy === "speed" ? t.trip.speed : t.trip.power}: ${trace.low} – ${trace.high}`}>
        <span>{trace.low}</span>
        <i style={{ background: `linear-gradient(90deg, ${RAMPS[colourBy].join(",")})` }} />
        <span>{trace.high}</span>
      </div>
    </div>
  );
}

type Position = [number, number];

function traceOf(series: SeriesView, colourBy: ColourBy) {
  const { latitude_deg: lat = [], longitude_deg: lon = [] } = series.columns;
  const points = series.time_us.map((_, i): Position | null => (lat[i] != null && lon[i] != null ? [lon[i], lat[i]] : null));
  const raw = series.columns[colourBy === "speed" ? "speed_mps" : "power_w"] ?? [];
  const values = raw.map((value) => (value === null ? null : colourBy === "speed" ? value * 3.6 : value / 1000));
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known.map(Math.abs));
  const top = colourBy === "speed" ? Math.ceil(most / 10) * 10 : Math.ceil(most / 50) * 50;
  const bottom = colourBy === "speed" ? 0 : known.some((value) => value < -1) ? -top : 0;
  const unit = colourBy === "speed" ? "km/h" : "kW";
  const segments: FeatureCollection = { type: "FeatureCollection", features: [] };
  points.forEach((to, i) => {
    const from = points[i - 1];
    if (!from || !to) return;
    const value = values[i] ?? null;
    const color = value === null ? "#9a9a94" : ramp(RAMPS[colourBy], (value + (colourBy === "power" ? top : 0)) / (colourBy === "power" ? 2 * top : top));
    segments.features.push({ type: "Feature", properties: { color }, geometry: { type: "LineString", coordinates: [from, to] } });
  });
  const placed = points.filter((point) => point !== null);
  const end = (position: Position, last: boolean): Feature => ({ type: "Feature", properties: { last }, geometry: { type: "Point", coordinates: position } });
  const ends: FeatureCollection = { type: "FeatureCollection", features: placed.length ? [end(placed[0] as Position, false), end(placed.at(-1) as Position, true)] : [] };
  return { points, segments, ends, low: `${number(colourBy === "power" ? -top : bottom)}\u202f${unit}`, high: `${number(top)}\u202f${unit}` };
}

function ramp(stops: readonly string[], share: number): string {
  const position = Math.max(0, Math.min(0.9999, share)) * (stops.length - 1);
  const [from, to] = [stops[Math.floor(position)] as string, stops[Math.floor(position) + 1] as string];
  const channel = (at: number) => {
    const [a, b] = [parseInt(from.slice(at, at + 2), 16), parseInt(to.slice(at, at + 2), 16)];
    return Math.round(a + (b - a) * (position % 1));
  };
  return `rgb(${channel(1)},${channel(3)},${channel(5)})`;
}

function nearest(map: MapLibre, points: readonly (Position | null)[], cursor: { x: number; y: number }): number | null {
  let [best, distance] = [-1, 30 ** 2];
  points.forEach((point, i) => {
    if (!point) return;
    const { x, y } = map.project(point);
    const d = (x - cursor.x) ** 2 + (y - cursor.y) ** 2;
    if (d < distance) [best, distance] = [i, d];
  });
  return best < 0 ? null : best;
}

function addTrace(map: MapLibre): void {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  // tolerance 0: the tiler would drop segments shorter than a pixel, and a trace is made of them
  for (const id of ["trace", "ends", "dot"]) map.addSource(id, { type: "geojson", data: empty(), tolerance: 0 });
  map.addLayer({ id: "trace-case", type: "line", source: "trace", layout: round, paint: { "line-color": colour("--panel"), "line-width": 7 } });
  map.addLayer({ id: "trace", type: "line", source: "trace", layout: round, paint: { "line-color": ["get", "color"], "line-width": 4 } });
  const ring = { "circle-stroke-color": colour("--panel"), "circle-stroke-width": 2 };
  map.addLayer({ id: "ends", type: "circle", source: "ends", paint: { ...ring, "circle-radius": 6, "circle-color": ["case", ["get", "last"], colour("--ink"), colour("--accent")] } });
  map.addLayer({ id: "dot", type: "circle", source: "dot", paint: { "circle-radius": 6, "circle-color": colour("--panel"), "circle-stroke-color": colour("--ink"), "circle-stroke-width": 3 } });
}
