// Waiting, failing and having nothing, each in words.
import type { ReactNode } from "react";
import type { ApiError, Loaded } from "../api/client";
import { useText } from "../i18n";

export function Loading({ what }: { what?: string }) {
  const t = useText();
  return (
    <div className="state" role="status">
      {t.state.loading}
      {what ? ` · ${what}` : ""} …
    </div>
  );
}

export function Failed({ error, retry }: { error: ApiError; retry?: () => void }) {
  const t = useText();
  const meaning = { network: t.state.network, unknown: t.state.unknown, storage: t.state.storage, internal: t.state.internal };
  return (
    <div className="state failed" role="alert">
      <b>{t.state.failed}</b>
      <p>{meaning[error.code as keyof typeof meaning] ?? ""}</p>
      {error.message && <p className="mono">{error.message}</p>}
      {retry && <button onClick={retry}>{t.state.retry}</button>}
    </div>
  );
}

export function Empty({ title, children, command }: { title?: string; children: ReactNode; command?: string }) {
  return (
    <div className="state">
      {title && <b>{title}</b>}
      <p>{children}</p>
      {command && <pre>{command}</pre>}
    </div>
  );
}

/** What was loaded, or why not yet. */
export function Await<T>({ of, what, children }: { of: Loaded<T>; what?: string; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  return of.error ? <Failed error={of.error} retry={of.reload} /> : <Loading what={what} />;
}

export function Card({ title, hint, children, className = "" }: { title: ReactNode; hint?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`card ${className}`}>
      <h2>
        {title}
        <span>{hint}</span>
      </h2>
      {children}
    </section>
  );
}

export function Choice<V extends string>(props: {
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
}) {
  return (
    <span className="choice" role="group" aria-label={props.label}>
      {props.options.map(([value, title]) => (
        <button key={value} aria-pressed={value === props.value} onClick={() => props.onChange(value)}>
          {title}
        </button>
      ))}
    </span>
  );
}
