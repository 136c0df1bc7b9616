// Frames nobody could read, with reason and bytes.
import { useMemo, useState } from "react";
import { useGet } from "../api/client";
import type { QuarantineView } from "../api/schema";
import { Await, Card, Choice, Empty } from "../components/states";
import { type Column, DataTable } from "../components/table";
import { fullStamp, number } from "../format";
import { type Text, useText } from "../i18n";

const REFRESH_MS = 5000;
const ROW_BYTES = 16;

export function QuarantinePage() {
  const t = useText();
  const loaded = useGet<QuarantineView[]>("/quarantine?limit=2000", REFRESH_MS);
  return (
    <>
      <h1>{t.quarantine.title}</h1>
      <p className="sub">{t.quarantine.sub}</p>
      <Await of={loaded} what={t.quarantine.title}>
        {(frames) => (frames.length ? <Frames frames={frames} /> : <Empty title={t.quarantine.empty}>{t.quarantine.emptyHint}</Empty>)}
      </Await>
    </>
  );
}

const keyOf = (frame: QuarantineView) => `${frame.received_us} ${frame.wire} ${frame.identity} ${frame.hex.slice(0, 64)}`;

function Frames({ frames }: { frames: readonly QuarantineView[] }) {
  const t = useText();
  const [reason, setReason] = useState("");
  const [selected, setSelected] = useState<string>();
  const counts = useMemo(() => Object.entries(Object.groupBy(frames, (frame) => frame.reason)).map(([name, list]) => [name, list?.length ?? 0] as const), [frames]);
  const rows = useMemo(() => (reason ? frames.filter((frame) => frame.reason === reason) : frames), [frames, reason]);
  const frame = frames.find((one) => keyOf(one) === selected) ?? rows[0];
  const options = [["", t.quarantine.allReasons] as const, ...counts.sort((a, b) => b[1] - a[1]).slice(0, 6).map(([name, count]) => [name, `${name} ${number(count)}`] as const)];
  return (
    <div className="grid quarantine">
      <Card title={t.quarantine.title}>
        <DataTable
          name="quarantine"
          label={t.quarantine.title}
          rows={rows}
          columns={columnsOf(t)}
          rowKey={keyOf}
          onSelect={(one) => setSelected(keyOf(one))}
          selected={frame && keyOf(frame)}
          sort={{ key: "received", down: true }}
          tools={<Choice label={t.columns.reason} value={reason} options={options} onChange={setReason} />}
        />
      </Card>
      <Card title={t.quarantine.bytes}>{frame ? <Hex frame={frame} /> : <Empty>{t.quarantine.select}</Empty>}</Card>
    </div>
  );
}

function columnsOf(t: Text): Column<QuarantineView>[] {
  return [
    { key: "received", title: t.columns.received, width: "170px", value: (frame) => frame.received_us, cell: (frame) => fullStamp(frame.received_us) },
    { key: "wire", title: t.columns.wire, width: "110px", value: (frame) => t.wireNames[frame.wire] ?? frame.wire, cell: (frame) => t.wireNames[frame.wire] ?? frame.wire },
    { key: "identity", title: t.columns.identity, width: "140px", value: (frame) => frame.identity, cell: (frame) => <span className="mono">{frame.identity || "–"}</span> },
    { key: "reason", title: t.columns.reason, width: "110px", value: (frame) => frame.reason, cell: (frame) => <span className="tag warn">{frame.reason}</span> },
    { key: "detail", title: t.columns.detail, value: (frame) => frame.detail, cell: (frame) => <span className="clip">{frame.detail}</span> },
    { key: "size", title: t.columns.size, width: "70px", right: true, value: (frame) => frame.hex.length / 2, cell: (frame) => number(frame.hex.length / 2) },
  ];
}

function Hex({ frame }: { frame: QuarantineView }) {
  const t = useText();
  const [copied, setCopied] = useState("");
  const bytes = frame.hex.match(/../g) ?? [];
  const lines = Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, i) => bytes.slice(i * ROW_BYTES, (i + 1) * ROW_BYTES));
  const printable = (byte: string) => {
    const code = parseInt(byte, 16);
    return code >= 32 && code < 127 ? String.fromCharCode(code) : "·";
  };
  return (
    <div className="hex">
      <p>
        <b>{frame.reason}</b> {frame.detail}
      </p>
      <pre tabIndex={0} aria-label={t.quarantine.bytes}>
        {lines.map((line, i) => (
          <span key={i}>
            <i>{(i * ROW_BYTES).toString(16).padStart(4, "0")}</i> {line.join(" ").padEnd(ROW_BYTES * 3 - 1)} <em>{line.map(printable).join("")}</em>
            {"\n"}
          </span>
        ))}
      </pre>
      <button onClick={() => void navigator.clipboard.writeText(frame.hex).then(() => setCopied(frame.hex))}>{copied === frame.hex ? t.quarantine.copied : t.quarantine.copy}</button>
    </div>
  );
}
