// One vehicle: drawn from its own data, what it reports now, what happened to it.
import { useEffect, useState } from "react";
import { useGet } from "../api/client";
import { nowUs, useFleet } from "../api/live";
import type { SeriesView, SignalValue, VehicleDetail } from "../api/schema";
import { CombinationDrawing } from "../components/combination";
import { Kpi } from "../components/figure";
import { PromiseCard } from "../components/promise";
import { SeriesCharts } from "../components/series";
import { Await, Card, Choice, Empty } from "../components/states";
import { Status } from "../components/status";
import { Timeline } from "../components/timeline";
import { ago, energy, fullStamp, number, show, stamp, words } from "../format";
import { useText, useTitle } from "../i18n";
import { vehiclePath } from "../router";
import { TripTable } from "./trips";

const LIVE_MS = 3000;
const COLOURS = ["--accent", "--e-engine", "--e-aero", "--e-driveline", "--e-brake", "--e-climb"];

export function VehiclePage({ id, query }: { id: string; query: URLSearchParams }) {
  const loaded = useGet<VehicleDetail>(vehiclePath(id), LIVE_MS);
  return <Await of={loaded}>{(vehicle) => <Vehicle vehicle={vehicle} query={query} />}</Await>;
}

function Vehicle({ vehicle, query }: { vehicle: VehicleDetail; query: URLSearchParams }) {
  const t = useText();
  const title = useTitle();
  const fleet = useFleet();
  const state = fleet.vehicles.get(vehicle.state.vehicle_id) ?? vehicle.state;
  const partner = state.trailer_id;
  return (
    <>
      <nav className="crumb" aria-label={t.nav.label}>
        <a href="/">{t.fleet.title}</a> / {t.kind[state.kind as keyof typeof t.kind] ?? state.kind}
      </nav>
      <h1>
        {state.plate}
        {partner && <span className="sub"> + {fleet.vehicles.has(partner) ? <a href={vehiclePath(partner)}>{partner}</a> : partner}</span>}
      </h1>
      <div className="tags">
        <span className="tag">
          <Status status={state.status} />
        </span>
        {title(state) && <span className="tag">{title(state)}</span>}
        {state.driver && (
          <span className="tag">
            {t.columns.driver} {state.driver}
          </span>
        )}
        {vehicle.vin && <span className="tag mono">VIN {vehicle.vin}</span>}
        {state.time_us && <span className="tag">{t.vehicle.lastHeard(ago((nowUs() - state.time_us) / 1e6))}</span>}
      </div>
      <div className="grid vehicle">
        <div className="stack">
          <Card title={t.vehicle.drawing} hint={partner ? `${t.vehicle.coupled} ${partner}` : state.kind === "tractor" ? t.vehicle.alone : ""}>
            {vehicle.units.length ? (
              <CombinationDrawing vehicle={{ ...vehicle, state }} />
            ) : (
              <Empty command={`fifthwheel vehicle add ${state.plate} --combination NAME`}>{t.vehicle.noDrawing}</Empty>
            )}
            <div className="kpis flush">
              <Quantity label={t.columns.speed} value={state.speed_mps} unit="m/s" />
              <Quantity label={t.columns.store} value={state.battery_soc_ratio ?? state.fuel_level_ratio} unit="" name="level_ratio" />
              <Quantity label={t.columns.today} value={state.distance_today_m} unit="m" />
              <Kpi label={t.columns.energyToday}>
                {energy(state.energy_today_j, "MJ")} <em>MJ</em>
              </Kpi>
            </div>
          </Card>
          <Card title={t.vehicle.timeline}>
            <Timeline vehicle={vehicle} />
          </Card>
          <Signals vehicle={vehicle} query={query} />
        </div>
        <div className="stack">
          <Live values={vehicle.live} />
          <Faults vehicle={vehicle} />
          <Card title={t.vehicle.identities}>
            <dl className="values">
              {vehicle.identities.map(([wire, value]) => (
                <div key={wire + value}>
                  <dt>{t.wireNames[wire] ?? wire.toUpperCase()}</dt>
                  <dd className="mono">{value}</dd>
                </div>
              ))}
            </dl>
          </Card>
        </div>
      </div>
      <PromiseCard vehicleId={state.vehicle_id} />
      <Card title={t.vehicle.trips}>
        {vehicle.trips.length ? <TripTable trips={vehicle.trips} name="vehicle-trips" without={["plate"]} /> : <Empty>{t.vehicle.noTrips}</Empty>}
      </Card>
    </>
  );
}

function Quantity({ label, value, unit, name }: { label: string; value: number | null; unit: string; name?: string }) {
  const shown = show(value, unit, name);
  return (
    <Kpi label={label}>
      {shown.text} <em>{shown.unit}</em>
    </Kpi>
  );
}

function Live({ values }: { values: readonly SignalValue[] }) {
  const t = useText();
  const title = useTitle();
  return (
    <Card title={t.vehicle.live} hint={values[0] && fullStamp(Math.max(...values.map((one) => one.time_us)))}>
      {values.length ? (
        <dl className="values tall">
          {values.map((one) => {
            const age = (nowUs() - one.time_us) / 1e6;
            return (
              <div key={one.name} title={`${one.name} · ${one.source} · ${fullStamp(one.time_us)}`}>
                <dt>{title(one)}</dt>
                <dd>
                  {words(show(one.value, one.unit, one.name))} {age > 120 && <span className="origin">{ago(age)}</span>}
                </dd>
              </div>
            );
          })}
        </dl>
      ) : (
        <Empty>{t.vehicle.noLive}</Empty>
      )}
    </Card>
  );
}

function Faults({ vehicle }: { vehicle: VehicleDetail }) {
  const t = useText();
  const title = useTitle();
  return (
    <Card title={t.vehicle.faults} className="feed">
      {vehicle.faults.length ? (
        <ul>
          {vehicle.faults.map((fault) => (
            <li key={fault.fault_id}>
              <div>
                <b>
                  {title(fault) || fault.code} <span className={`tag ${fault.active ? "bad" : ""}`}>{fault.active ? t.vehicle.active : t.vehicle.past}</span>
                </b>
                <span>
                  {fault.code} · {fault.source} · {t.vehicle.times(number(fault.occurrences_count))} · {t.vehicle.since(stamp(fault.first_us))}
                </span>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <Empty>{t.vehicle.noFaults}</Empty>
      )}
    </Card>
  );
}

function Signals({ vehicle, query }: { vehicle: VehicleDetail; query: URLSearchParams }) {
  const t = useText();
  const title = useTitle();
  const known = vehicle.live.filter((one) => !/^(latitude|longitude)_deg$/.test(one.name));
  const wanted = query.get("signals")?.split(",").filter(Boolean);
  const [chosen, setChosen] = useState<readonly string[]>(wanted?.slice(0, 6) ?? ["speed_mps"]);
  const [range, setRange] = useState(query.has("from_us") ? "evidence" : "21600");
  const [at, setAt] = useState<number | null>(null);
  const [end, setEnd] = useState(() => nowUs());
  useEffect(() => {
    const timer = setInterval(() => setEnd(nowUs()), 15_000);
    return () => clearInterval(timer);
  }, []);
  const evidence = range === "evidence";
  const [from, to] = evidence ? [Number(query.get("from_us")), Number(query.get("to_us") ?? end)] : [end - Number(range) * 1e6, end];
  const path = `${vehiclePath(vehicle.state.vehicle_id)}/series?start_us=${Math.round(from)}&end_us=${Math.round(to)}&points=700&signals=${chosen.join()}`;
  const loaded = useGet<SeriesView>(chosen.length ? path : null);
  const [shown, setShown] = useState<SeriesView | undefined>(loaded.data);
  useEffect(() => {
    if (loaded.data) setShown(loaded.data);
  }, [loaded.data]);
  const titleOf = (name: string) => title(known.find((one) => one.name === name) ?? { title_en: name, title_zh: name });
  const ranges = Object.entries(t.vehicle.ranges) as [string, string][];
  const options = query.has("from_us") ? [["evidence", t.vehicle.evidenceRange] as [string, string], ...ranges] : ranges;
  return (
    <Card title={t.vehicle.signals} hint={<Choice label={t.vehicle.signals} value={range} options={options} onChange={setRange} />}>
      <div className="along">
        <span className="chips">
          {chosen.map((name) => (
            <button key={name} className="tag" onClick={() => setChosen(chosen.filter((one) => one !== name))}>
              {titleOf(name)} ×
            </button>
          ))}
        </span>
        <select value="" aria-label={t.trip.addSignal} onChange={(event) => setChosen([...chosen, event.target.value].slice(-6))}>
          <option value="">+ {t.trip.addSignal}</option>
          {known.filter((one) => !chosen.includes(one.name)).map((one) => (
            <option key={one.name} value={one.name}>
              {title(one)}
            </option>
          ))}
        </select>
      </div>
      {chosen.length === 0 ? (
        <Empty>{t.vehicle.noSignals}</Empty>
      ) : (
        <Await of={{ ...loaded, data: loaded.data ?? shown }} what={t.vehicle.signals}>
          {(series) => <SeriesCharts series={series} at={at} onHover={setAt} plotted={chosen.filter((name) => series.columns[name]).map((name, index) => ({ name, title: titleOf(name), colour: COLOURS[index % COLOURS.length] as string }))} />}
        </Await>
      )}
    </Card>
  );
}
