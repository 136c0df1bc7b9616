// The fleet as it is now: loaded once, then kept current by server-sent events.
import { useSyncExternalStore } from "react";
import { setTimeZone } from "../format";
import { ApiError, get } from "./client";
import type { FleetOverview, TripSummary, VehicleState } from "./schema";

export interface Fleet {
  vehicles: ReadonlyMap<string, VehicleState>;
  overview: FleetOverview | undefined;
  trips: readonly TripSummary[];
  connection: "connecting" | "live" | "lost";
  loaded: boolean;
  error: ApiError | undefined;
}

const NEW_TRIPS = 20;
const LARGE = 2000;
const LARGE_FLEET_MS = 1500; // a table and a map of thousands are redrawn less often than they change
const listeners = new Set<() => void>();
let fleet: Fleet = {
  vehicles: new Map(),
  overview: undefined,
  trips: [],
  connection: "connecting",
  loaded: false,
  error: undefined,
};
let clockOffsetUs = 0;
let source: EventSource | undefined;
const changed = new Map<string, VehicleState>();
let flushing: ReturnType<typeof setTimeout> | undefined;

function update(part: Partial<Fleet>): void {
  fleet = { ...fleet, ...part };
  if (part.overview) {
    setTimeZone(part.overview.timezone);
    clockOffsetUs = part.overview.time_us - Date.now() * 1000;
  }
  for (const listener of listeners) listener();
}

function flush(): void {
  flushing = undefined;
  const vehicles = new Map(fleet.vehicles);
  for (const [id, state] of changed) vehicles.set(id, state);
  changed.clear();
  update({ vehicles });
}

const index = (states: readonly VehicleState[]) => states.map((state) => [state.vehicle_id, state] as const);

async function load(): Promise<void> {
  try {
    const [overview, vehicles] = await Promise.all([get<FleetOverview>("/fleet"), get<VehicleState[]>("/vehicles")]);
    update({ overview, vehicles: new Map(index(vehicles)), loaded: true, error: undefined });
  } catch (error) {
    if (error instanceof ApiError) update({ error });
  }
}

/** Connect; called once, and again after signing in. */
export function connect(): void {
  source?.close();
  void load();
  source = new EventSource("/api/live");
  let opened = false;
  source.onopen = () => {
    if (opened || fleet.error) void load(); // what changed while the line was down
    opened = true;
    update({ connection: "live" });
  };
  source.onerror = () => update({ connection: "lost" });
  source.addEventListener("vehicles", (event) => {
    for (const [id, state] of index(JSON.parse((event as MessageEvent<string>).data))) changed.set(id, state);
    flushing ??= setTimeout(flush, fleet.vehicles.size > LARGE ? LARGE_FLEET_MS : 0);
  });
  source.addEventListener("overview", (event) => update({ overview: JSON.parse((event as MessageEvent<string>).data) }));
  source.addEventListener("trip", (event) => {
    const trip = JSON.parse((event as MessageEvent<string>).data) as TripSummary;
    update({ trips: [trip, ...fleet.trips.filter((other) => other.trip_id !== trip.trip_id)].slice(0, NEW_TRIPS) });
  });
}

export function useFleet(): Fleet {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => fleet,
  );
}

/** Now by the fleet's clock, microseconds: a demonstration may run faster than this browser's. */
export const nowUs = (): number => Date.now() * 1000 + clockOffsetUs;
