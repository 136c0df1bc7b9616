// What one person chose: language, theme, columns. Kept in this browser only.
import { useSyncExternalStore } from "react";

export type Language = "en" | "zh";
export type Theme = "system" | "light" | "dark";
export interface Settings {
  language: Language;
  theme: Theme;
  hidden: Record<string, readonly string[]>;
}

const KEY = "fifthwheel.settings";
const listeners = new Set<() => void>();
let settings: Settings = {
  language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
  theme: "system",
  hidden: {},
};
try {
  settings = { ...settings, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>) };
} catch {
  // An unreadable setting is no reason to show nothing: the defaults stand.
}
apply();

function apply(): void {
  document.documentElement.dataset.theme = settings.theme;
  document.documentElement.lang = settings.language === "zh" ? "zh-CN" : "en";
}

export function change(part: Partial<Settings>): void {
  settings = { ...settings, ...part };
  localStorage.setItem(KEY, JSON.stringify(settings));
  apply();
  for (const listener of listeners) listener();
}

export const current = (): Settings => settings;

export function useSettings(): Settings {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

const darkQuery = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now, by choice or by the system. */
export function useDark(): boolean {
  const { theme } = useSettings();
  const system = useSyncExternalStore(
    (listener) => {
      darkQuery.addEventListener("change", listener);
      return () => darkQuery.removeEventListener("change", listener);
    },
    () => darkQuery.matches,
  );
  return theme === "system" ? system : theme === "dark";
}
