// A table of any length: only the rows in view exist. Search, sort, columns to hide, keys to walk.
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { number } from "../format";
import { useText } from "../i18n";
import { navigate } from "../router";
import { change, useSettings } from "../settings";

export interface Column<Row> {
  key: string;
  title: string;
  /** What the column sorts by; text is searched too. */
  value: (row: Row) => string | number | null;
  cell: (row: Row) => ReactNode;
  right?: boolean;
  width?: string;
}

interface Props<Row> {
  name: string;
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  href?: (row: Row) => string;
  onSelect?: (row: Row) => void;
  selected?: string | readonly string[];
  sort?: { key: string; down: boolean };
  maxHeight?: number;
  tools?: ReactNode;
}

const ROW_PX = 38;
const OVERSCAN = 8;
const COLLATOR = new Intl.Collator("zh-CN", { numeric: true });

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === "number" && typeof b === "number" ? a - b : COLLATOR.compare(String(a), String(b));
}

export function DataTable<Row>(props: Props<Row>) {
  const { rows, columns, rowKey, maxHeight = 560 } = props;
  const t = useText();
  const hidden = useSettings().hidden;
  const shownColumns = columns.filter((column) => !(hidden[props.name] ?? []).includes(column.key));
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState(props.sort ?? null);
  const wanted = useDeferredValue(search).trim().toLowerCase();
  const list = useMemo(() => arrange(rows, columns, wanted, sort), [rows, columns, wanted, sort]);
  const window_ = useWindow(list.length, maxHeight);
  const act = (row: Row) => (props.href ? navigate(props.href(row)) : props.onSelect?.(row));

  return (
    <div className="table">
      <div className="tools">
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder={t.table.search} aria-label={`${t.table.search}: ${props.label}`} />
        {props.tools}
        <span className="count" role="status">
          {t.table.rows(number(list.length), number(rows.length))}
        </span>
        <ColumnMenu name={props.name} columns={columns} />
      </div>
      {list.length === 0 && rows.length > 0 ? (
        <div className="state">
          <p>{t.table.none}</p>
          <button onClick={() => setSearch("")}>{t.table.clear}</button>
        </div>
      ) : (
        <div className="scroll" ref={window_.ref} onScroll={window_.onScroll} style={{ maxHeight }}>
          <table aria-label={props.label} aria-rowcount={list.length + 1}>
            <colgroup>
              {shownColumns.map((column) => (
                <col key={column.key} style={{ width: column.width }} />
              ))}
            </colgroup>
            <thead>
              <tr>
                {shownColumns.map((column) => (
                  <th key={column.key} className={column.right ? "right" : ""} aria-sort={sort?.key === column.key ? (sort.down ? "descending" : "ascending") : "none"}>
                    <button onClick={() => setSort(sort?.key === column.key ? { key: column.key, down: !sort.down } : { key: column.key, down: !!column.right })}>
                      {column.title}
                      <i aria-hidden="true">{sort?.key === column.key ? (sort.down ? "↓" : "↑") : ""}</i>
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody onKeyDown={window_.onKeyDown}>
              <tr aria-hidden="true" style={{ height: window_.first * ROW_PX }} />
              {list.slice(window_.first, window_.last).map((row, offset) => {
                const at = window_.first + offset;
                return (
                  <tr
                    key={rowKey(row)}
                    data-index={at}
                    aria-rowindex={at + 2}
                    aria-selected={props.selected === undefined ? undefined : [props.selected].flat().includes(rowKey(row))}
                    tabIndex={at === window_.active ? 0 : -1}
                    onClick={(event) => !(event.target as Element).closest("a,button") && !getSelection()?.toString() && act(row)}
                    onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && act(row)}
                  >
                    {shownColumns.map((column) => (
                      <td key={column.key} className={column.right ? "right" : ""}>
                        {column.cell(row)}
                      </td>
                    ))}
                  </tr>
                );
              })}
              <tr aria-hidden="true" style={{ height: (list.length - window_.last) * ROW_PX }} />
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function arrange<Row>(rows: readonly Row[], columns: readonly Column<Row>[], wanted: string, sort: { key: string; down: boolean } | null): readonly Row[] {
  const parts = wanted.split(/\s+/).filter(Boolean);
  const text = (row: Row) => columns.map((column) => column.value(row)).filter((value) => typeof value === "string").join(" ").toLowerCase();
  const found = parts.length ? rows.filter((row) => parts.every((part) => text(row).includes(part))) : rows;
  const column = columns.find((one) => one.key === sort?.key);
  if (!column || !sort) return found;
  const keyed = found.map((row) => ({ row, value: column.value(row) }));
  keyed.sort((a, b) => (a.value === null || b.value === null ? compare(a.value, b.value) : compare(a.value, b.value) * (sort.down ? -1 : 1)));
  return keyed.map(({ row }) => row);
}

/** The rows in view, and the one that the arrow keys stand on. */
function useWindow(count: number, height: number) {
  const ref = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const [moved, setMoved] = useState(0);
  useEffect(() => {
    if (moved) ref.current?.querySelector<HTMLElement>(`tr[data-index="${active}"]`)?.focus({ preventScroll: true });
  }, [moved, active]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor(height / ROW_PX) - 2;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    const step = steps[event.key];
    if (step === undefined || !ref.current) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, active + step));
    const box = ref.current;
    const [from, to] = [next * ROW_PX, (next + 2) * ROW_PX];
    if (from < box.scrollTop) box.scrollTop = from;
    else if (to > box.scrollTop + box.clientHeight) box.scrollTop = to - box.clientHeight;
    setTop(box.scrollTop);
    setActive(next);
    setMoved((value) => value + 1);
  };
  const first = Math.max(0, Math.min(Math.floor(top / ROW_PX), count - 1) - OVERSCAN);
  const last = Math.min(count, Math.ceil((top + height) / ROW_PX) + OVERSCAN);
  return { ref, first, last, active: Math.min(active, Math.max(0, count - 1)), onKeyDown, onScroll: () => setTop(ref.current?.scrollTop ?? 0) };
}

function ColumnMenu<Row>({ name, columns }: { name: string; columns: readonly Column<Row>[] }) {
  const t = useText();
  const { hidden } = useSettings();
  const off = hidden[name] ?? [];
  const toggle = (key: string) => change({ hidden: { ...hidden, [name]: off.includes(key) ? off.filter((one) => one !== key) : [...off, key] } });
  return (
    <details className="menu">
      <summary>{t.table.columns}</summary>
      <div>
        {columns.slice(1).map((column) => (
          <label key={column.key}>
            <input type="checkbox" checked={!off.includes(column.key)} onChange={() => toggle(column.key)} /> {column.title}
          </label>
        ))}
      </div>
    </details>
  );
}
