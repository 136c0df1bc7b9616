// The base map: land and sea from Natural Earth in the package, the fleet's own places and roads. Nothing is fetched elsewhere.
import type { FeatureCollection } from "geojson";
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { feature } from "topojson-client";
import type { GeometryObject, Topology } from "topojson-specification";
import landUrl from "world-atlas/land-50m.json?url";
import { get } from "../api/client";
import type { MapView } from "../api/schema";
import type { Language } from "../settings";

setWorkerUrl(workerUrl);

export const FONT = ["Noto Sans SC", "system-ui"];
const NONE: FeatureCollection = { type: "FeatureCollection", features: [] };
let land: Promise<FeatureCollection> | undefined;
let own: Promise<MapView> | undefined;

async function loadLand(): Promise<FeatureCollection> {
  const topology = (await (await fetch(landUrl)).json()) as Topology<{ land: GeometryObject }>;
  return feature(topology, topology.objects.land) as unknown as FeatureCollection;
}

/** The colour of a token as `rgb()`: MapLibre and canvas know neither variables nor light-dark(). */
export function colour(token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

async function style(language: Language): Promise<StyleSpecification> {
  land ??= loadLand();
  own ??= get<MapView>("/map").catch(() => ({ places: [], roads: [] }));
  const [landData, { places, roads }] = await Promise.all([land, own]);
  const placeData: FeatureCollection = {
    type: "FeatureCollection",
    features: places.map((place) => ({
      type: "Feature",
      properties: { name: language === "zh" ? place.name_zh : place.name_en },
      geometry: { type: "Point", coordinates: [place.longitude_deg, place.latitude_deg] },
    })),
  };
  const roadData: FeatureCollection = {
    type: "FeatureCollection",
    features: roads.map((road) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: road.points as unknown as number[][] } })),
  };
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: landData, tolerance: 0.2 },
      roads: { type: "geojson", data: roadData },
      places: { type: "geojson", data: placeData },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("--land"), "fill-antialias": true } },
      { id: "coast", type: "line", source: "land", paint: { "line-color": colour("--line"), "line-width": 1 } },
      { id: "road-case", type: "line", source: "roads", layout: round, paint: { "line-color": colour("--road-edge"), "line-width": ["interpolate", ["linear"], ["zoom"], 4, 1.5, 12, 7] } },
      { id: "roads", type: "line", source: "roads", layout: round, paint: { "line-color": colour("--road"), "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.8, 12, 5] } },
      { id: "places", type: "circle", source: "places", paint: { "circle-radius": 2.5, "circle-color": colour("--panel"), "circle-stroke-color": colour("--ink-3"), "circle-stroke-width": 1.2 } },
      {
        id: "place-names",
        type: "symbol",
        source: "places",
        layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11.5, "text-anchor": "left", "text-offset": [0.55, 0], "text-variable-anchor": ["left", "right", "top"], "text-radial-offset": 0.55 },
        paint: { "text-color": colour("--ink-3"), "text-halo-color": colour("--land"), "text-halo-width": 1.4 },
      },
    ],
  };
}

/** A map in `container`; resolves when its style stands. */
export async function createMap(container: HTMLElement, language: Language, titles: { in: string; out: string; label: string }): Promise<MapLibre> {
  const map = new MapLibre({
    container,
    style: await style(language),
    center: [112, 34],
    zoom: 3.6,
    maxZoom: 16,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: { "NavigationControl.ZoomIn": titles.in, "NavigationControl.ZoomOut": titles.out, "Map.Title": titles.label },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
  if (!map.isStyleLoaded()) await map.once("load");
  return map;
}

export const empty = (): FeatureCollection => structuredClone(NONE);
