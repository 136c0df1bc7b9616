// Every trip, newest first.
import { useMemo } from "react";
import { useGet } from "../api/client";
import { useFleet } from "../api/live";
import type { MapView, TripSummary } from "../api/schema";
import { Await, Card, Empty } from "../components/states";
import { type Column, DataTable } from "../components/table";
import { consumption, duration, energy, number, show, stamp, words } from "../format";
import { type Text, useText } from "../i18n";
import { tripPath } from "../router";
import { useSettings } from "../settings";

/** `Jinan → Weifang`, the places in the language chosen. */
export function useRoute(): (trip: TripSummary) => string {
  const t = useText();
  const { language } = useSettings();
  const places = useGet<MapView>("/map").data?.places ?? [];
  const named = (name: string | null) => {
    const place = places.find((one) => one.name_en === name || one.name_zh === name);
    return place ? (language === "zh" ? place.name_zh : place.name_en) : (name ?? t.trip.here);
  };
  return (trip) => `${named(trip.start_place)} → ${named(trip.end_place)}`;
}

export function TripsPage() {
  const t = useText();
  const { trips: fresh } = useFleet();
  const loaded = useGet<TripSummary[]>("/trips?limit=5000", 0, fresh[0]?.trip_id);
  return (
    <>
      <h1>{t.trips.title}</h1>
      <p className="sub">{t.trips.sub}</p>
      <Card title={t.trips.title}>
        <Await of={loaded} what={t.trips.title}>
          {(trips) => (trips.length ? <TripTable trips={trips} maxHeight={1200} /> : <Empty title={t.trips.empty}>{t.trips.emptyHint}</Empty>)}
        </Await>
      </Card>
    </>
  );
}

export function TripTable({ trips, name = "trips", without = [], maxHeight }: { trips: readonly TripSummary[]; name?: string; without?: readonly string[]; maxHeight?: number }) {
  const t = useText();
  const { vehicles } = useFleet();
  const routeOf = useRoute();
  const columns = useMemo(
    () => tripColumns(t, routeOf, (trip) => vehicles.get(trip.vehicle_id)?.energy_kind ?? "").filter((column) => !without.includes(column.key)),
    [t, routeOf, vehicles.size, without.join()],
  );
  return <DataTable name={name} label={t.trips.title} rows={trips} columns={columns} rowKey={(trip) => trip.trip_id} href={(trip) => tripPath(trip.trip_id)} sort={{ key: "start", down: true }} maxHeight={maxHeight} />;
}

function tripColumns(t: Text, routeOf: (trip: TripSummary) => string, kindOf: (trip: TripSummary) => string): Column<TripSummary>[] {
  return [
    { key: "start", title: t.columns.start, width: "130px", value: (trip) => trip.start_us, cell: (trip) => <a href={tripPath(trip.trip_id)}>{stamp(trip.start_us)}</a> },
    {
      key: "plate",
      title: t.columns.plate,
      width: "200px",
      value: (trip) => `${trip.plate} ${trip.trailer_id ?? ""}`,
      cell: (trip) => (
        <>
          <b>{trip.plate}</b> {trip.trailer_id && <span className="sub">+ {trip.trailer_id}</span>}
        </>
      ),
    },
    {
      key: "route",
      title: t.columns.route,
      value: (trip) => routeOf(trip),
      cell: (trip) => (
        <span className="clip">
          {routeOf(trip)} {!trip.complete && <span className="tag">{t.trips.running}</span>}
        </span>
      ),
    },
    { key: "driver", title: t.columns.driver, width: "90px", value: (trip) => trip.driver, cell: (trip) => trip.driver ?? "–" },
    { key: "distance", title: t.columns.distance, width: "92px", right: true, value: (trip) => trip.distance_m, cell: (trip) => `${number(trip.distance_m / 1000, 1)}\u202fkm` },
    { key: "duration", title: t.columns.duration, width: "116px", right: true, value: (trip) => trip.moving_s, cell: (trip) => duration(trip.moving_s) },
    {
      key: "consumption",
      title: t.columns.consumption,
      width: "136px",
      right: true,
      value: (trip) => trip.energy_per_distance_jpm,
      cell: (trip) => consumption(trip, kindOf(trip)).map(words).join(" + ") || "–",
    },
    { key: "energy", title: t.columns.energy, width: "96px", right: true, value: (trip) => trip.energy_j, cell: (trip) => `${energy(trip.energy_j, "MJ")}\u202fMJ` },
    { key: "perKm", title: t.columns.perKm, width: "104px", right: true, value: (trip) => trip.energy_per_distance_jpm, cell: (trip) => words(show(trip.energy_per_distance_jpm, "J/m")) },
    { key: "explained", title: t.columns.explained, width: "92px", right: true, value: (trip) => trip.explained_ratio, cell: (trip) => words(show(trip.explained_ratio, "", "explained")) },
  ];
}
