// The road of a duty on the map, with the dot that follows its profile.
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { useEffect } from "react";
import type { RoadView } from "../api/schema";
import { useText } from "../i18n";
import { colour, empty } from "./base";
import { useMap } from "./use-map";

export default function RoadMap({ road, at }: { road: RoadView; at: number | null }) {
  const t = useText();
  const { ref, map, failed } = useMap(addRoad);
  useEffect(() => {
    const line = road.longitude_deg.map((longitude, i): [number, number] => [longitude, road.latitude_deg[i] ?? 0]);
    const [first, last] = [line[0], line.at(-1)];
    if (!map || !first || !last) return;
    map.getSource<GeoJSONSource>("road")?.setData({ type: "LineString", coordinates: line });
    const ends: FeatureCollection = { type: "FeatureCollection", features: [first, last].map((point, k) => ({ type: "Feature", properties: { last: k === 1 }, geometry: { type: "Point", coordinates: point } })) };
    map.getSource<GeoJSONSource>("ends")?.setData(ends);
    const [x, y] = [line.map((p) => p[0]), line.map((p) => p[1])];
    map.fitBounds([Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)], { padding: 36, maxZoom: 12, animate: false });
  }, [map, road]);
  useEffect(() => {
    const [longitude, latitude] = at === null ? [] : [road.longitude_deg[at], road.latitude_deg[at]];
    map?.getSource<GeoJSONSource>("dot")?.setData(longitude === undefined || latitude === undefined ? empty() : { type: "Point", coordinates: [longitude, latitude] });
  }, [map, at, road]);
  return (
    <div className="map road" role="region" aria-label={t.choose.mission}>
      <div ref={ref} className="canvas" />
      {failed && <p className="state">{t.map.failed}</p>}
    </div>
  );
}

function addRoad(map: MapLibre): void {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  for (const id of ["road", "ends", "dot"]) map.addSource(id, { type: "geojson", data: empty(), tolerance: 0.1 });
  map.addLayer({ id: "way-case", type: "line", source: "road", layout: round, paint: { "line-color": colour("--panel"), "line-width": 6 } });
  map.addLayer({ id: "way", type: "line", source: "road", layout: round, paint: { "line-color": colour("--accent"), "line-width": 3.5 } });
  const ring = { "circle-stroke-color": colour("--panel"), "circle-stroke-width": 2 };
  map.addLayer({ id: "ends", type: "circle", source: "ends", paint: { ...ring, "circle-radius": 6, "circle-color": ["case", ["get", "last"], colour("--ink"), colour("--accent")] } });
  map.addLayer({ id: "dot", type: "circle", source: "dot", paint: { "circle-radius": 6, "circle-color": colour("--panel"), "circle-stroke-color": colour("--ink"), "circle-stroke-width": 3 } });
}
