// Requests to the fleet, with the last answer of each path kept so that going back shows it at once.
import { useCallback, useEffect, useState } from "react";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "network", "");
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const body = (await response.json().catch(() => ({}))) as { error?: string; detail?: string };
  const error = new ApiError(response.status, body.error ?? "http", body.detail ?? response.statusText);
  if (response.status === 401 && path !== "/session") dispatchEvent(new Event("fifthwheel:signed-out"));
  throw error;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => request<T>(path, signal ? { signal } : undefined);

export const post = <T>(path: string, body: unknown): Promise<T> =>
  request<T>(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

const KEPT = 60;
const kept = new Map<string, unknown>();

function keep(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
}

export interface Loaded<T> {
  data: T | undefined;
  error: ApiError | undefined;
  reload: () => void;
}

/** What `path` answers; asked again every `everyMs` when given, and whenever `version` changes. */
export function useGet<T>(path: string | null, everyMs = 0, version: unknown = 0): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; data?: T; error?: ApiError }>({ path: null });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((value) => value + 1), []);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    get<T>(path, abort.signal).then(
      (data) => {
        keep(path, data);
        setState({ path, data });
      },
      (error: unknown) => {
        if (error instanceof ApiError) setState((old) => (old.path === path ? { ...old, error } : { path, error }));
      },
    );
    const timer = everyMs ? setTimeout(reload, everyMs) : undefined;
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, round, reload, version]);
  const own = state.path === path;
  return {
    data: (own ? state.data : undefined) ?? (path === null ? undefined : (kept.get(path) as T | undefined)),
    error: own ? state.error : undefined,
    reload,
  };
}
