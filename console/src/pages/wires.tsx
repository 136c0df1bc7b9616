// What the gateway hears. Its statistics are shown as they come: figures first, then lists as tables.
import { useMemo } from "react";
import { useGet } from "../api/client";
import { nowUs } from "../api/live";
import { Kpi } from "../components/figure";
import { Await, Card, Empty } from "../components/states";
import { type Column, DataTable } from "../components/table";
import { ago, number, show, words } from "../format";
import { type Text, useText } from "../i18n";

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
type Entry = Record<string, Value>;
const REFRESH_MS = 1000;
const UNITS: Record<string, string> = { s: "s", m: "m", w: "W", ratio: "" };

export function WiresPage() {
  const t = useText();
  const loaded = useGet<Entry>("/wires", REFRESH_MS);
  return (
    <>
      <h1>{t.wires.title}</h1>
      <p className="sub">
        {t.wires.sub} <a href="/quarantine">{t.wires.toQuarantine} →</a>
      </p>
      <Await of={loaded} what={t.wires.title}>
        {(wires) => (Object.keys(wires).length ? <Statistics of={wires} /> : <Empty command="fifthwheel demo">{t.wires.noSessions}</Empty>)}
      </Await>
    </>
  );
}

function Statistics({ of }: { of: Entry }) {
  const t = useText();
  const figures = Object.entries(of).filter(([, value]) => typeof value === "number" || typeof value === "string");
  const groups = Object.entries(of).flatMap(([key, value]): [string, Entry[]][] => {
    if (Array.isArray(value)) return [[key, value.filter(isEntry)]];
    if (!isEntry(value)) return [];
    const parts = Object.entries(value);
    return [[key, parts.some(([, part]) => isEntry(part)) ? parts.filter(([, part]) => isEntry(part)).map(([name, part]) => ({ name, ...(part as Entry) })) : parts.map(([name, part]) => ({ name, value: part }))]];
  });
  return (
    <>
      <div className="kpis auto">
        {figures.map(([key, value]) => (
          <Kpi key={key} label={titleOf(key, t)}>
            <Cell name={key} value={value} />
          </Kpi>
        ))}
      </div>
      {groups.map(([key, rows]) => (
        <Card key={key} title={titleOf(key, t)}>
          {rows.length ? <Rows name={key} rows={rows} /> : <Empty command={key === "sessions" ? "fifthwheel demo" : undefined}>{key === "sessions" ? t.wires.noSessions : t.state.noData}</Empty>}
        </Card>
      ))}
    </>
  );
}

const isEntry = (value: Value): value is Entry => typeof value === "object" && value !== null && !Array.isArray(value);

function Rows({ name, rows }: { name: string; rows: Entry[] }) {
  const t = useText();
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = useMemo(
    () =>
      keys.map((key): Column<Entry> => ({
        key,
        title: titleOf(key, t),
        right: rows.some((row) => typeof row[key] === "number"),
        value: (row) => (typeof row[key] === "number" || typeof row[key] === "string" ? row[key] : null),
        cell: (row) => <Cell name={key} value={row[key] ?? null} />,
      })),
    [keys.join(), t],
  );
  return <DataTable name={`wires-${name}`} label={titleOf(name, t)} rows={rows} columns={columns} rowKey={(row) => keys.map((key) => String(row[key])).slice(0, 4).join("|")} maxHeight={420} />;
}

function Cell({ name, value }: { name: string; value: Value }) {
  const t = useText();
  const suffix = name.split("_").pop() ?? "";
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "✓" : "–";
  if (typeof value === "number") {
    if (suffix === "us") return value ? ago((nowUs() - value) / 1e6) : "–";
    if (/lag/.test(name) && suffix === "s") return `${number(value * 1000)}\u202fms`;
    if (suffix in UNITS) return words(show(value, UNITS[suffix] ?? "", name));
    return number(value, Number.isInteger(value) ? 0 : 1);
  }
  if (typeof value === "string") return t.wireNames[value] ?? value;
  return <span className="clip mono">{Array.isArray(value) ? value.map(String).join(", ") : Object.entries(value).map(([key, part]) => `${key} ${String(part)}`).join(" · ")}</span>;
}

const titleOf = (key: string, t: Text): string => t.wires.names[key] ?? key.replace(/_(count|us|s|ratio)$/, "").replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());
