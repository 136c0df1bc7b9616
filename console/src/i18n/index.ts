import { type Language, useSettings } from "../settings";
import { type Text, en } from "./en";
import { zh } from "./zh";

const texts: Record<Language, Text> = { en, zh };

/** The strings of the language chosen. */
export const useText = (): Text => texts[useSettings().language];

/** The title in the language chosen, of anything that carries both. */
export function useTitle(): (item: { title_en: string; title_zh: string }) => string {
  const { language } = useSettings();
  return (item) => (language === "zh" ? item.title_zh : item.title_en);
}

export type { Text };
