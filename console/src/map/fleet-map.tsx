// Every combination as one marker: tractor and trailer from above, heading, state.
import type { Feature, FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";
import { nowUs } from "../api/live";
import type { VehicleState, VehicleStatus } from "../api/schema";
import { STATUS_COLOUR, Status } from "../components/status";
import { ago, show, words } from "../format";
import { useText, useTitle } from "../i18n";
import { navigate, vehiclePath } from "../router";
import { colour, empty, FONT } from "./base";
import { useMap } from "./use-map";

const STATUSES = Object.keys(STATUS_COLOUR) as VehicleStatus[];
const RATIO = 2;
const CROWD = 500; // more plates than that are shown only from near

export default function FleetMap({ vehicles }: { vehicles: readonly VehicleState[] }) {
  const t = useText();
  const title = useTitle();
  const [hovered, setHovered] = useState<{ id: string; x: number; y: number } | null>(null);
  const fitted = useRef(false);
  const { ref, map, failed } = useMap((made) => {
    addMarkers(made);
    made.on("click", "vehicles", (event) => navigate(vehiclePath(String(event.features?.[0]?.properties.id))));
    made.on("mousemove", "vehicles", (event) => {
      made.getCanvas().style.cursor = "pointer";
      setHovered({ id: String(event.features?.[0]?.properties.id), x: event.point.x, y: event.point.y });
    });
    made.on("mouseleave", "vehicles", () => {
      made.getCanvas().style.cursor = "";
      setHovered(null);
    });
  });

  useEffect(() => {
    if (!map) return;
    if (!fitted.current) fitted.current = fit(map, vehicles);
    map.setLayerZoomRange("plates", vehicles.length > CROWD ? 9 : 0, 24);
    map.getSource<GeoJSONSource>("vehicles")?.setData(featuresOf(vehicles));
  }, [map, vehicles]);

  const vehicle = hovered && vehicles.find((one) => one.vehicle_id === hovered.id);
  return (
    <div className="map" role="region" aria-label={t.fleet.map}>
      <div ref={ref} className="canvas" />
      {failed && <p className="state">{t.map.failed}</p>}
      <ul className="legend-map">
        {STATUSES.filter((status) => vehicles.some((one) => one.status === status)).map((status) => (
          <li key={status}>
            <Status status={status} />
          </li>
        ))}
        <li>{t.map.attribution}</li>
      </ul>
      {vehicle && hovered && (
        <div className="tip" style={{ left: hovered.x, top: hovered.y }}>
          <b>
            {vehicle.plate}
            {vehicle.trailer_id && ` + ${vehicle.trailer_id}`}
          </b>
          <span>{title(vehicle)}</span>
          <span>
            <Status status={vehicle.status} /> {words(show(vehicle.speed_mps, "m/s"))}
          </span>
          <span className="sub">
            {vehicle.driver && `${t.map.driver} ${vehicle.driver} · `}
            {vehicle.time_us && ago((nowUs() - vehicle.time_us) / 1e6)}
          </span>
        </div>
      )}
    </div>
  );
}

const isPlaced = (vehicle: VehicleState) => vehicle.latitude_deg !== null && vehicle.longitude_deg !== null;

function featuresOf(vehicles: readonly VehicleState[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: vehicles.filter(isPlaced).map(
      (vehicle): Feature => ({
        type: "Feature",
        properties: {
          id: vehicle.vehicle_id,
          plate: vehicle.plate,
          icon: `${vehicle.status}-${vehicle.trailer_id ? "coupled" : "alone"}`,
          heading: ((vehicle.heading_rad ?? 0) * 180) / Math.PI,
          order: vehicle.status === "driving" ? 1 : 0,
        },
        geometry: { type: "Point", coordinates: [vehicle.longitude_deg ?? 0, vehicle.latitude_deg ?? 0] },
      }),
    ),
  };
}

function fit(map: MapLibre, vehicles: readonly VehicleState[]): boolean {
  const placed = vehicles.filter(isPlaced);
  if (!placed.length) return false;
  const [lon, lat] = [placed.map((one) => one.longitude_deg ?? 0), placed.map((one) => one.latitude_deg ?? 0)];
  map.fitBounds([reduce(lon, Math.min), reduce(lat, Math.min), reduce(lon, Math.max), reduce(lat, Math.max)], { padding: { top: 50, bottom: 80, left: 60, right: 60 }, maxZoom: 10, animate: false });
  return true;
}

const reduce = (values: number[], pick: (a: number, b: number) => number) => values.reduce((a, b) => pick(a, b));

function addMarkers(map: MapLibre): void {
  for (const status of STATUSES) {
    for (const coupled of [true, false]) map.addImage(`${status}-${coupled ? "coupled" : "alone"}`, glyph(status, coupled), { pixelRatio: RATIO });
  }
  map.addSource("vehicles", { type: "geojson", data: empty() });
  map.addLayer({
    id: "vehicles",
    type: "symbol",
    source: "vehicles",
    layout: { "icon-image": ["get", "icon"], "icon-rotate": ["get", "heading"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "symbol-sort-key": ["get", "order"] },
  });
  map.addLayer({
    id: "plates",
    type: "symbol",
    source: "vehicles",
    layout: { "text-field": ["get", "plate"], "text-font": FONT, "text-size": 11.5, "text-radial-offset": 1.95, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-optional": true },
    paint: { "text-color": colour("--ink"), "text-halo-color": colour("--panel"), "text-halo-width": 1.6 },
  });
}

/** A combination from above, nose up: cab, and the trailer behind it when one is coupled. */
function glyph(status: VehicleStatus, coupled: boolean): ImageData {
  const [width, height] = [18, 42];
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.scale(RATIO, RATIO);
  const fill = colour(STATUS_COLOUR[status]);
  const hollow = status === "silent" || status === "never";
  pen.lineWidth = 1.5;
  pen.strokeStyle = hollow ? fill : colour("--panel");
  pen.fillStyle = hollow ? colour("--panel") : fill;
  if (hollow) pen.setLineDash([2.5, 1.5]);
  const top = coupled ? 2 : 12;
  const part = (x: number, y: number, w: number, h: number, r: number | number[]) => {
    pen.beginPath();
    pen.roundRect(x, y, w, h, r);
    pen.fill();
    pen.stroke();
  };
  if (coupled) part(4, 14.5, 10, 25, 1.5);
  part(3.5, top, 11, coupled ? 11 : 18, status === "driving" ? [6, 6, 1.5, 1.5] : 2);
  pen.setLineDash([]);
  pen.fillStyle = pen.strokeStyle = hollow ? fill : colour("--panel");
  const middle = coupled ? 27 : 23;
  pen.lineWidth = 1.8;
  pen.beginPath();
  if (status === "driving") pen.stroke(new Path2D(`M6 ${middle + 2} 9 ${middle - 2} 12 ${middle + 2}`));
  else if (status === "idling") pen.stroke(new Path2D(`M7.300 ${middle - 2.5}v5M10.700 ${middle - 2.5}v5`));
  else if (status === "charging") pen.fill(new Path2D(`M10 ${middle - 4} 6.500 ${middle + 1}h2.200L8 ${middle + 4.5} 11.500 ${middle - 0.800}H9.300Z`));
  else if (hollow) pen.stroke(new Path2D(`M7 ${middle - 2}l4 4m0 -4l-4 4`));
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
