// One trip: where it went, how, and where every megajoule went.
import { lazy, Suspense, useState } from "react";
import { useGet } from "../api/client";
import { useFleet } from "../api/live";
import type { Finding, SeriesView, TripDetail, VehicleDetail } from "../api/schema";
import { Account } from "../components/account";
import { Figure, Kpi } from "../components/figure";
import { type Plotted, SeriesCharts } from "../components/series";
import { Await, Card, Choice, Empty, Loading } from "../components/states";
import { clock, consumption, duration, energy, type EnergyUnit, fullStamp, margin, number, show, stamp, tripName, words } from "../format";
import { useText, useTitle } from "../i18n";
import { useFindingTitle, useMethod } from "../i18n/findings";
import type { ColourBy } from "../map/trace-map";
import { tripPath, vehiclePath } from "../router";
import { useRoute } from "./trips";

const TraceMap = lazy(() => import("../map/trace-map"));
const POINTS = 900;

export function TripPage({ id }: { id: string }) {
  const t = useText();
  const { trips } = useFleet();
  const loaded = useGet<TripDetail>(tripPath(id), 0, trips.find((trip) => trip.trip_id === id)?.end_us);
  return (
    <Await of={loaded} what={t.trip.title}>
      {(trip) => <Trip trip={trip} />}
    </Await>
  );
}

function Trip({ trip }: { trip: TripDetail }) {
  const t = useText();
  const title = useTitle();
  const { vehicles } = useFleet();
  const { summary } = trip;
  const vehicle = vehicles.get(summary.vehicle_id);
  const kind = vehicle?.energy_kind ?? "";
  const unit: EnergyUnit = summary.fuel_kg ? "MJ" : "kWh";
  return (
    <>
      <nav className="crumb" aria-label={t.nav.label}>
        <a href="/">{t.fleet.title}</a> /{" "}
        <a href={vehiclePath(summary.vehicle_id)}>
          {summary.plate}
          {summary.trailer_id && ` + ${summary.trailer_id}`}
        </a>{" "}
        / {t.trip.title} {fullStamp(summary.start_us)}
      </nav>
      <h1>
        {useRoute()(summary)}, {words(show(summary.distance_m, "m", "distance"))}
      </h1>
      <div className="tags">
        {vehicle && <span className="tag">{title(vehicle)}</span>}
        {summary.trailer_id && <span className="tag">{vehicles.get(summary.trailer_id) ? title(vehicles.get(summary.trailer_id) as typeof vehicle & object) : summary.trailer_id}</span>}
        {summary.driver && (
          <span className="tag">
            {t.columns.driver} {summary.driver}
          </span>
        )}
        <span className="tag">
          {stamp(summary.start_us)} – {clock(summary.end_us)}
        </span>
        {!summary.complete && <span className="tag warn">{t.trips.running}</span>}
      </div>
      <Figures trip={trip} kind={kind} unit={unit} />
      <div className="grid trip">
        <Along trip={trip} />
        <div className="stack">
          {trip.account.length ? <Account trip={trip} preferred={unit} /> : <Empty title={t.trip.account}>{t.trip.noAccount}</Empty>}
          <Why trip={trip} unit={unit} />
          <Rest title={t.trip.estimates} findings={trip.estimates} />
          <Rest title={t.trip.beside} findings={trip.beside} />
        </div>
      </div>
    </>
  );
}

const named = (findings: readonly Finding[], part: string) => findings.find((finding) => finding.name.includes(part));

function Figures({ trip, kind, unit }: { trip: TripDetail; kind: string; unit: EnergyUnit }) {
  const t = useText();
  const { summary } = trip;
  const uses = consumption(summary, kind);
  const parts = [summary.fuel_kg && `${number(summary.fuel_kg, 1)} kg`, summary.electric_j && `${number(summary.electric_j / 3.6e6, 1)} kWh`].filter(Boolean);
  const [recovered, descent] = [named(trip.beside, "recovered"), named(trip.beside, "descent")];
  const share = recovered?.value && descent?.value ? recovered.value / descent.value : null;
  const mass = named(trip.estimates, "mass");
  const unexplained = named(trip.account.map((line) => line.finding), "unexplained");
  const speed = summary.moving_s ? summary.distance_m / summary.moving_s : null;
  const [meter, meanSpeed] = [trip.meter.length === 1 ? trip.meter[0] : undefined, show(speed, "m/s")];
  return (
    <div className="kpis">
      <Kpi label={t.trip.meter} note={parts.join(" + ")}>
        {meter ? <Figure finding={meter} title={t.trip.meter} text={energy(summary.energy_j, unit)} /> : energy(summary.energy_j, unit)} <em>{unit}</em>
      </Kpi>
      <Kpi label={t.trip.consumption} {...comparison(trip, t)}>
        {uses.length ? uses.map((use, index) => <span key={use.unit} className={index ? "second" : ""}>{use.text} <em>{use.unit}</em></span>) : "–"}
      </Kpi>
      <Kpi label={t.trip.meanSpeed} note={t.trip.driving(duration(summary.moving_s))}>
        {meanSpeed.text} <em>{meanSpeed.unit}</em>
      </Kpi>
      <Kpi label={t.trip.recovered} tone={share ? "dn" : ""} note={share ? t.trip.ofDescent(`${number(Math.min(share, 1) * 100)}\u202f%`) : recovered?.value ? "" : t.trip.nothingRecovered}>
        {recovered ? <Figure finding={recovered} title={t.trip.recovered} text={number((recovered.value ?? 0) / 3.6e6, 1)} /> : "0"} <em>kWh</em>
      </Kpi>
      <Kpi label={t.trip.mass} note={mass ? `${margin(mass)} t · ${t.figure.origins[mass.origin]}` : ""}>
        {mass ? <Figure finding={mass} title={t.trip.mass} text={show(mass.value, mass.unit).text} /> : "–"} <em>t</em>
      </Kpi>
      <Kpi label={t.trip.explained} note={unexplained && summary.energy_j ? t.trip.ofMeter(`±\u202f${number((((unexplained.high ?? 0) - (unexplained.low ?? 0)) / 2 / summary.energy_j) * 100, 1)}\u202f%`) : ""}>
        {unexplained ? <Figure finding={unexplained} title={t.trip.explained} text={show(summary.explained_ratio, "", "explained").text} /> : "–"} <em>%</em>
      </Kpi>
    </div>
  );
}

function comparison(trip: TripDetail, t: ReturnType<typeof useText>): { note: string; tone: string } {
  const [own, like] = [trip.summary.energy_per_distance_jpm, trip.like_energy_per_distance_jpm];
  if (!own || !like) return { note: t.trip.noLike, tone: "" };
  const difference = own / like - 1;
  const share = `${number(Math.abs(difference) * 100, 1)}\u202f%`;
  if (Math.abs(difference) < 0.005) return { note: t.trip.same, tone: "" };
  return difference > 0 ? { note: `▲ ${t.trip.above(share)}`, tone: "up" } : { note: `▼ ${t.trip.below(share)}`, tone: "dn" };
}

function Along({ trip }: { trip: TripDetail }) {
  const t = useText();
  const title = useTitle();
  const [colourBy, setColourBy] = useState<ColourBy>("power");
  const [at, setAt] = useState<number | null>(null);
  const [added, setAdded] = useState<readonly string[]>([]);
  const vehicle = useGet<VehicleDetail>(vehiclePath(trip.summary.vehicle_id));
  const loaded = useGet<SeriesView>(`${tripPath(trip.summary.trip_id)}/series?points=${POINTS}&signals=${added.join()}`, 0, trip.summary.end_us);
  const known = vehicle.data?.live.filter((one) => !["latitude_deg", "longitude_deg", "speed_mps", "altitude_m"].includes(one.name)) ?? [];
  const plotted: Plotted[] = [
    { name: "speed_mps", title: t.trip.speed, colour: "--accent" },
    { name: "power_w", title: t.trip.power, colour: "--e-engine" },
    { name: "altitude_m", title: title(vehicle.data?.live.find((one) => one.name === "altitude_m") ?? { title_en: "Altitude", title_zh: "海拔" }), colour: "--e-climb", fill: true },
    ...added.map((name) => ({ name, title: title(known.find((one) => one.name === name) ?? { title_en: name, title_zh: name }), colour: "--e-aero" })),
  ];
  return (
    <Card
      title={t.trip.route}
      hint={<Choice label={t.trip.colourBy} value={colourBy} options={[["speed", t.trip.speed], ["power", t.trip.power]]} onChange={setColourBy} />}
    >
      <Await of={loaded} what={t.trip.series}>
        {(series) => (
          <>
            {series.columns.latitude_deg?.some((value) => value !== null) ? (
              <Suspense fallback={<div className="map trace"><Loading what={t.map.label} /></div>}>
                <TraceMap series={series} colourBy={colourBy} at={at} onHover={setAt} />
              </Suspense>
            ) : (
              <Empty>{t.trip.noTrace}</Empty>
            )}
            <div className="along">
              <span className="sub">
                {t.trip.seriesHint} · {t.trip.powerHint}
              </span>
              <select value="" aria-label={t.trip.addSignal} onChange={(event) => setAdded([...added, event.target.value])}>
                <option value="">+ {t.trip.addSignal}</option>
                {known.filter((one) => !added.includes(one.name)).map((one) => (
                  <option key={one.name} value={one.name}>
                    {title(one)}
                  </option>
                ))}
              </select>
            </div>
            <SeriesCharts series={series} plotted={plotted.filter((one) => series.columns[one.name]?.some((value) => value !== null))} at={at} onHover={setAt} />
          </>
        )}
      </Await>
    </Card>
  );
}

function Why({ trip, unit }: { trip: TripDetail; unit: EnergyUnit }) {
  const t = useText();
  const titleOf = useTitle();
  const methodOf = useMethod();
  const { note, tone } = comparison(trip, t);
  const unexplained = trip.account.find((line) => line.name === "unexplained")?.finding;
  const within = unexplained && unexplained.low != null && unexplained.high != null && unexplained.low <= 0 && unexplained.high >= 0;
  const line = (finding: Finding) => trip.account.find((one) => finding.name === `why.${one.name}`);
  const comparedWith = trip.like_trips.slice(0, 6);
  return (
    <Card title={t.trip.why}>
      <div className="why">
        {trip.like_energy_per_distance_jpm !== null && <p className={`lead ${tone}`}>{note}</p>}
        {trip.reasons.length > 0 && (
          <ul>
            {trip.reasons.slice(0, 4).map((reason) => {
              const term = line(reason);
              const name = term ? titleOf(term) : reason.name;
              const value = `${energy(Math.abs(reason.value ?? 0), unit)} ${unit}`;
              return (
                <li key={reason.name} className={(reason.value ?? 0) > 0 ? "more" : "less"}>
                  <Figure finding={reason} title={name} text={(reason.value ?? 0) > 0 ? t.trip.reasonMore(name, value) : t.trip.reasonLess(name, value)} />
                  {reason.method && <span className="sub"> {methodOf(reason.method)}</span>}
                </li>
              );
            })}
          </ul>
        )}
        {unexplained && <p>{within ? t.trip.unexplainedWithin : t.trip.unexplainedOutside}</p>}
        {comparedWith.length > 0 ? (
          <p className="sub">
            {t.trip.comparedWith(number(trip.like_trips.length))}{" "}
            {comparedWith.map((id) => (
              <a key={id} href={tripPath(id)} className="like">
                {tripName(id)}
              </a>
            ))}
            {trip.like_trips.length > comparedWith.length && "…"}
          </p>
        ) : (
          <p className="sub">{t.trip.noLike}</p>
        )}
      </div>
    </Card>
  );
}

function Rest({ title, findings }: { title: string; findings: readonly Finding[] }) {
  const t = useText();
  const titleOf = useFindingTitle();
  if (!findings.length) return null;
  return (
    <Card title={title}>
      <dl className="values">
        {findings.map((finding) => (
          <div key={finding.name}>
            <dt>{titleOf(finding.name)}</dt>
            <dd>
              <Figure finding={finding} /> <span className={`origin ${finding.origin}`}>{t.figure.origins[finding.origin]}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
