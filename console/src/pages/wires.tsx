// What the gateway hears: sessions and frames by protocol, rates, rejects by reason.
import { useGet } from "../api/client";
import { nowUs, useFleet } from "../api/live";
import { Kpi } from "../components/figure";
import { Await, Card, Empty } from "../components/states";
import { duration, number } from "../format";
import { useText } from "../i18n";

type Counts = Record<string, number>;
interface Wires {
  connections?: number;
  sessions?: Counts;
  frames?: Counts;
  acknowledged?: number;
  frames_per_s?: number;
  rejects?: Counts;
  failure?: string | null;
  [more: string]: unknown;
}
const REFRESH_MS = 1000;
const KNOWN = new Set(["connections", "sessions", "frames", "acknowledged", "frames_per_s", "rejects", "failure"]);

export function WiresPage() {
  const t = useText();
  const loaded = useGet<Wires>("/wires", REFRESH_MS);
  return (
    <>
      <h1>{t.wires.title}</h1>
      <p className="sub">{t.wires.sub}</p>
      <Await of={loaded} what={t.wires.title}>
        {(wires) => (Object.keys(wires).length ? <Statistics wires={wires} /> : <Empty command="fifthwheel up">{t.wires.noGateway}</Empty>)}
      </Await>
    </>
  );
}

const sum = (counts: Counts = {}) => Object.values(counts).reduce((a, b) => a + b, 0);

function Statistics({ wires }: { wires: Wires }) {
  const t = useText();
  const { vehicles } = useFleet();
  const ages = [...vehicles.values()].flatMap((one) => (one.time_us && one.status === "driving" ? [(nowUs() - one.time_us) / 1e6] : [])).sort((a, b) => a - b);
  const median = ages[Math.floor(ages.length / 2)];
  const frames = sum(wires.frames);
  const more = Object.entries(wires).filter(([key, value]) => !KNOWN.has(key) && typeof value === "number") as [string, number][];
  return (
    <>
      {wires.failure && (
        <div className="state failed" role="alert">
          <b>{t.wires.failure}</b>
          <p className="mono">{wires.failure}</p>
        </div>
      )}
      <div className="kpis auto">
        <Kpi label={t.wires.connections} note={t.wires.sessionsNote(number(sum(wires.sessions)))}>
          {number(wires.connections ?? 0)}
        </Kpi>
        <Kpi label={t.wires.rate} note={t.wires.rateNote}>
          {number(wires.frames_per_s ?? 0, 1)} <em>{t.wires.perSecond}</em>
        </Kpi>
        <Kpi label={t.wires.frames} note={t.wires.sinceStart}>
          {number(frames)}
        </Kpi>
        <Kpi label={t.wires.acknowledged} note={t.wires.acknowledgedNote}>
          {number(wires.acknowledged ?? 0)}
        </Kpi>
        <Kpi label={t.wires.lag} note={t.wires.lagNote}>
          {median === undefined ? "–" : duration(Math.max(0, median))}
        </Kpi>
        <Kpi label={t.wires.rejects} note={frames ? `${number((100 * sum(wires.rejects)) / frames, 3)}\u202f% ${t.wires.ofFrames}` : ""}>
          {number(sum(wires.rejects))}
        </Kpi>
        {more.map(([key, value]) => (
          <Kpi key={key} label={key.replace(/_/g, " ")}>
            {number(value, Number.isInteger(value) ? 0 : 2)}
          </Kpi>
        ))}
      </div>
      <div className="grid">
        <Card title={t.wires.protocols}>
          <Protocols wires={wires} />
        </Card>
        <Card title={t.wires.byReason} hint={<a href="/quarantine">{t.wires.toQuarantine} →</a>}>
          {sum(wires.rejects) ? (
            <dl className="values">
              {Object.entries(wires.rejects ?? {}).map(([reason, count]) => (
                <div key={reason}>
                  <dt className="mono">{reason}</dt>
                  <dd>{number(count)}</dd>
                </div>
              ))}
            </dl>
          ) : (
            <Empty>{t.wires.noRejects}</Empty>
          )}
        </Card>
      </div>
    </>
  );
}

function Protocols({ wires }: { wires: Wires }) {
  const t = useText();
  const names = [...new Set([...Object.keys(wires.sessions ?? {}), ...Object.keys(wires.frames ?? {})])];
  const most = Math.max(1, ...Object.values(wires.frames ?? {}));
  if (!names.length) return <Empty command="fifthwheel demo">{t.wires.noSessions}</Empty>;
  return (
    <dl className="values shares">
      {names.map((wire) => (
        <div key={wire}>
          <dt>{t.wireNames[wire] ?? wire}</dt>
          <dd>
            <span className="bar" aria-hidden="true">
              <i style={{ width: `${((wires.frames?.[wire] ?? 0) / most) * 100}%` }} />
            </span>
            <span>
              {number(wires.frames?.[wire] ?? 0)} <em>{t.wires.frames}</em>
            </span>
            <span>
              {number(wires.sessions?.[wire] ?? 0)} <em>{t.wires.sessions}</em>
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
