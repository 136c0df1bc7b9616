// The fleet at a glance: figures, map, what is new, and every vehicle in a table.
import { lazy, Suspense, useDeferredValue, useMemo, useState } from "react";
import { useGet } from "../api/client";
import { nowUs, useFleet } from "../api/live";
import type { FaultView, FleetOverview, TripSummary, VehicleState } from "../api/schema";
import { Figure, Kpi } from "../components/figure";
import { Await, Card, Choice, Empty, Failed, Loading } from "../components/states";
import { Status } from "../components/status";
import { type Column, DataTable } from "../components/table";
import { ago, clock, energy, number, show, words } from "../format";
import { type Text, useText, useTitle } from "../i18n";
import { tripPath, vehiclePath } from "../router";
import { useRoute } from "./trips";

const FleetMap = lazy(() => import("../map/fleet-map"));

export function FleetPage() {
  const t = useText();
  const fleet = useFleet();
  const vehicles = useMemo(() => [...fleet.vehicles.values()].filter((one) => one.kind !== "trailer"), [fleet.vehicles]);
  if (!fleet.loaded) return fleet.error ? <Failed error={fleet.error} retry={() => location.reload()} /> : <Loading what={t.fleet.title} />;
  if (!fleet.vehicles.size) {
    return (
      <Empty title={t.fleet.empty} command={"fifthwheel demo\nfifthwheel import LOG --vehicle ID\nfifthwheel vehicle add PLATE --combination NAME"}>
        {t.fleet.emptyHint}
      </Empty>
    );
  }
  const placed = vehicles.filter((one) => one.latitude_deg !== null).length;
  return (
    <>
      <h1 className="visually-hidden">{t.fleet.title}</h1>
      {fleet.overview && <Strip overview={fleet.overview} vehicles={vehicles} />}
      <div className="grid fleet">
        <Card title={t.fleet.map} hint={`${t.fleet.mapHint} · ${t.fleet.onMap(number(placed))}`} className="map-card">
          <Suspense fallback={<div className="map"><Loading what={t.map.label} /></div>}>
            <FleetMap vehicles={vehicles} />
          </Suspense>
        </Card>
        <div className="stack">
          <LatestTrips fresh={fleet.trips} />
          <ActiveFaults version={vehicles.reduce((sum, one) => sum + one.active_faults_count, 0)} />
        </div>
      </div>
      <VehicleTable vehicles={vehicles} />
    </>
  );
}

function Strip({ overview, vehicles }: { overview: FleetOverview; vehicles: readonly VehicleState[] }) {
  const t = useText();
  const of = (name: string) => overview.findings.find((finding) => finding.name === `fleet.${name}`);
  const reporting = vehicles.filter((one) => one.status !== "silent" && one.status !== "never").length;
  const cells = [
    ["energy_today", t.fleet.energy, t.fleet.allTrips],
    ["distance_today", t.fleet.distance, t.fleet.allTrips],
    ["energy_per_km", t.fleet.perKm, t.fleet.toUnloaded],
    ["explained", t.fleet.explained, t.fleet.ofMeter],
    ["active_faults", t.fleet.faults, t.fleet.of(number(vehicles.length))],
  ] as const;
  return (
    <div className="kpis">
      <Kpi label={t.fleet.reporting} note={t.fleet.of(number(vehicles.length))}>
        {number(reporting)}
      </Kpi>
      {cells.map(([name, label, note]) => {
        const finding = of(name);
        return (
          finding && (
            <Kpi key={name} label={label} note={note}>
              <Figure finding={finding} title={label} />
            </Kpi>
          )
        );
      })}
    </div>
  );
}

function LatestTrips({ fresh }: { fresh: readonly TripSummary[] }) {
  const t = useText();
  const routeOf = useRoute();
  const loaded = useGet<TripSummary[]>("/trips?limit=12");
  return (
    <Card title={t.fleet.latestTrips} hint={<a href="/trips">{t.fleet.all}</a>} className="feed">
      <Await of={loaded}>
        {(trips) => {
          const known = new Set(fresh.map((trip) => trip.trip_id));
          const list = [...fresh, ...trips.filter((trip) => !known.has(trip.trip_id))].sort((a, b) => b.end_us - a.end_us).slice(0, 12);
          if (!list.length) return <Empty>{t.fleet.noTripsYet}</Empty>;
          return (
            <ul>
              {list.map((trip) => (
                <li key={trip.trip_id}>
                  <a href={tripPath(trip.trip_id)}>
                    <b>{routeOf(trip)}</b>
                    <span>
                      {trip.plate} · {clock(trip.end_us)} · {words(show(trip.distance_m, "m"))} · {energy(trip.energy_j, "MJ")} MJ
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          );
        }}
      </Await>
    </Card>
  );
}

function ActiveFaults({ version }: { version: number }) {
  const t = useText();
  const title = useTitle();
  const { vehicles } = useFleet();
  const loaded = useGet<FaultView[]>("/faults?active_only=true", 30_000, version);
  return (
    <Card title={t.fleet.activeFaults} className="feed faults">
      <Await of={loaded}>
        {(faults) =>
          faults.length ? (
            <ul>
              {faults.slice(0, 30).map((fault) => (
                <li key={fault.fault_id}>
                  <a href={vehiclePath(fault.vehicle_id)}>
                    <b>{title(fault) || fault.code}</b>
                    <span>
                      {vehicles.get(fault.vehicle_id)?.plate ?? fault.vehicle_id} · {fault.code} · {ago((nowUs() - fault.last_us) / 1e6)}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          ) : (
            <Empty>{t.fleet.noFaults}</Empty>
          )
        }
      </Await>
    </Card>
  );
}

function VehicleTable({ vehicles }: { vehicles: readonly VehicleState[] }) {
  const t = useText();
  const title = useTitle();
  const [state, setState] = useState<VehicleState["status"] | "all">("all");
  const current = useDeferredValue(vehicles);
  const rows = useMemo(() => (state === "all" ? current : current.filter((one) => one.status === state)), [current, state]);
  const columns = useMemo(() => vehicleColumns(t, title), [t]);
  const states = (["driving", "idling", "charging", "stopped", "silent", "never"] as const).filter((one) => one === state || vehicles.some((v) => v.status === one));
  return (
    <Card title={t.fleet.vehicles}>
      <DataTable
        name="vehicles"
        label={t.fleet.vehicles}
        rows={rows}
        columns={columns}
        rowKey={(one) => one.vehicle_id}
        href={(one) => vehiclePath(one.vehicle_id)}
        sort={{ key: "plate", down: false }}
        tools={<Choice label={t.columns.state} value={state} onChange={setState} options={[["all", t.fleet.all], ...states.map((one) => [one, t.status[one]] as const)]} />}
      />
    </Card>
  );
}

function vehicleColumns(t: Text, title: (item: VehicleState) => string): Column<VehicleState>[] {
  const level = (one: VehicleState) => one.battery_soc_ratio ?? one.fuel_level_ratio;
  return [
    {
      key: "plate",
      title: t.columns.plate,
      width: "190px",
      value: (one) => `${one.plate} ${one.trailer_id ?? ""}`,
      cell: (one) => (
        <a href={vehiclePath(one.vehicle_id)}>
          <b>{one.plate}</b> {one.trailer_id && <span className="sub">+ {one.trailer_id}</span>}
        </a>
      ),
    },
    { key: "combination", title: t.columns.combination, value: (one) => `${title(one)} ${one.combination ?? ""}`, cell: (one) => <span className="clip">{title(one) || "–"}</span> },
    { key: "state", title: t.columns.state, width: "106px", value: (one) => t.status[one.status], cell: (one) => <Status status={one.status} /> },
    { key: "driver", title: t.columns.driver, width: "106px", value: (one) => one.driver, cell: (one) => one.driver ?? "–" },
    { key: "speed", title: t.columns.speed, width: "96px", right: true, value: (one) => one.speed_mps, cell: (one) => words(show(one.speed_mps, "m/s")) },
    { key: "store", title: t.columns.store, width: "132px", right: true, value: level, cell: (one) => <Level share={level(one)} /> },
    { key: "today", title: t.columns.today, width: "110px", right: true, value: (one) => one.distance_today_m, cell: (one) => `${number(one.distance_today_m / 1000, 1)}\u202fkm` },
    { key: "energy", title: t.columns.energyToday, width: "118px", right: true, value: (one) => one.energy_today_j, cell: (one) => `${energy(one.energy_today_j, "MJ")}\u202fMJ` },
    {
      key: "faults",
      title: t.columns.faults,
      width: "80px",
      right: true,
      value: (one) => one.active_faults_count,
      cell: (one) => (one.active_faults_count ? <b className="up">▲ {one.active_faults_count}</b> : "0"),
    },
    { key: "heard", title: t.columns.heard, width: "128px", right: true, value: (one) => one.time_us, cell: (one) => (one.time_us ? ago((nowUs() - one.time_us) / 1e6) : "–") },
  ];
}

function Level({ share }: { share: number | null }) {
  if (share === null) return "–";
  return (
    <span className="level">
      <i aria-hidden="true">
        <b className={share < 0.15 ? "low" : ""} style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} />
      </i>
      {number(share * 100)}&#8239;%
    </span>
  );
}
