// Paths to pages. Links are plain <a href>; one listener turns clicks on them into page changes.
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const announce = () => listeners.forEach((listener) => listener());
addEventListener("popstate", announce);

export function navigate(to: string): void {
  history.pushState(null, "", to);
  announce();
  scrollTo(0, 0);
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest("a");
  if (!link || link.target || link.origin !== location.origin || link.hash) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
});

/** Path and query of the page, e.g. `/trips/7?x=1`. */
export function usePath(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname + location.search,
  );
}

export const vehiclePath = (id: string): string => `/vehicles/${encodeURIComponent(id)}`;
export const tripPath = (id: string): string => `/trips/${encodeURIComponent(id)}`;

/** Page that shows a piece of evidence, or `null` when none does. */
export function evidencePath(evidence: string): string | null {
  const colon = evidence.indexOf(":");
  const [kind, rest] = [evidence.slice(0, colon), evidence.slice(colon + 1)];
  if (kind === "trip") return tripPath(rest);
  if (kind === "vehicle") return vehiclePath(rest);
  if (kind === "observations") {
    const mark = rest.indexOf("?");
    return mark < 0 ? vehiclePath(rest) : vehiclePath(rest.slice(0, mark)) + rest.slice(mark);
  }
  return null;
}
