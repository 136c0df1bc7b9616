// Couplings, trips and faults of one vehicle on one axis of time.
import type { VehicleDetail } from "../api/schema";
import { nowUs } from "../api/live";
import { day, number, stamp, words, show } from "../format";
import { useText, useTitle } from "../i18n";
import { useRoute } from "../pages/trips";
import { tripPath, vehiclePath } from "../router";
import { Empty } from "./states";

const DAY_US = 86_400e6;
const LONGEST_DAYS = 14;

export function Timeline({ vehicle }: { vehicle: VehicleDetail }) {
  const t = useText();
  const title = useTitle();
  const routeOf = useRoute();
  const to = nowUs();
  const own = vehicle.state.vehicle_id;
  const first = Math.min(to - DAY_US, ...vehicle.trips.map((trip) => trip.start_us), ...vehicle.faults.map((fault) => fault.first_us));
  const from = Math.max(first - 0.02 * (to - first), to - LONGEST_DAYS * DAY_US);
  const bar = (start: number, end: number | null) => {
    const left = Math.max(0, (start - from) / (to - from));
    return { left: `${left * 100}%`, width: `${Math.max(0.35, (Math.min(1, ((end ?? to) - from) / (to - from)) - left) * 100)}%` };
  };
  const within = (end: number | null) => (end ?? to) >= from;
  const couplings = vehicle.couplings.filter((one) => within(one.end_us));
  const trips = vehicle.trips.filter((trip) => within(trip.end_us));
  const faults = vehicle.faults.filter((fault) => within(fault.last_us));
  if (!couplings.length && !trips.length && !faults.length) return <Empty>{t.vehicle.noTimeline}</Empty>;
  const days = Array.from({ length: 5 }, (_, i) => from + ((i + 0.5) / 5) * (to - from));
  return (
    <div className="timeline">
      <div className="lane">
        <span>{t.vehicle.lanes.trailer}</span>
        <div>
          {couplings.map((one) => {
            const other = one.tractor_id === own ? one.trailer_id : one.tractor_id;
            return (
              <a key={other + one.start_us} href={vehiclePath(other)} style={bar(one.start_us, one.end_us)} className="coupling" title={`${other} · ${t.vehicle.since(stamp(one.start_us))}${one.end_us ? ` – ${stamp(one.end_us)}` : ""}`}>
                {other}
              </a>
            );
          })}
        </div>
      </div>
      <div className="lane">
        <span>{t.vehicle.lanes.trips}</span>
        <div>
          {trips.map((trip) => (
            <a
              key={trip.trip_id}
              href={tripPath(trip.trip_id)}
              style={bar(trip.start_us, trip.end_us)}
              className="trip"
              title={`${stamp(trip.start_us)} · ${routeOf(trip)} · ${words(show(trip.distance_m, "m"))}`}
              aria-label={`${stamp(trip.start_us)} ${routeOf(trip)}`}
            />
          ))}
        </div>
      </div>
      <div className="lane">
        <span>{t.vehicle.lanes.faults}</span>
        <div>
          {faults.map((fault) => (
            <i key={fault.fault_id} style={bar(fault.first_us, fault.active ? null : fault.last_us)} className={fault.active ? "fault active" : "fault"} title={`${title(fault) || fault.code} · ${t.vehicle.times(number(fault.occurrences_count))}`} />
          ))}
        </div>
      </div>
      <div className="lane axis">
        <span />
        <div>
          {days.map((us) => (
            <em key={us} style={{ left: `${((us - from) / (to - from)) * 100}%` }}>
              {to - from > 2.5 * DAY_US ? day(us) : stamp(us)}
            </em>
          ))}
        </div>
      </div>
    </div>
  );
}
