// Every trip, newest first.
import { useMemo } from "react";
import { useGet } from "../api/client";
import { useFleet } from "../api/live";
import type { TripSummary } from "../api/schema";
import { Await, Card, Empty } from "../components/states";
import { type Column, DataTable } from "../components/table";
import { consumption, duration, energy, number, show, stamp, words } from "../format";
import { type Text, useText } from "../i18n";
import { tripPath } from "../router";

export const routeOf = (trip: TripSummary, t: Text): string => `${trip.start_place ?? t.trip.here} → ${trip.end_place ?? t.trip.here}`;

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
  const columns = useMemo(
    () => tripColumns(t, (trip) => vehicles.get(trip.vehicle_id)?.energy_kind ?? "").filter((column) => !without.includes(column.key)),
    [t, vehicles.size, without.join()],
  );
  return <DataTable name={name} label={t.trips.title} rows={trips} columns={columns} rowKey={(trip) => trip.trip_id} href={(trip) => tripPath(trip.trip_id)} sort={{ key: "start", down: true }} maxHeight={maxHeight} />;
}

function tripColumns(t: Text, kindOf: (trip: TripSummary) => string): Column<TripSummary>[] {
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
      value: (trip) => routeOf(trip, t),
      cell: (trip) => (
        <span className="clip">
          {routeOf(trip, t)} {!trip.complete && <span className="tag">{t.trips.running}</span>}
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
