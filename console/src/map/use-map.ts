// A MapLibre map for as long as its element, language and theme last.
import type { Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";
import { useText } from "../i18n";
import { useDark, useSettings } from "../settings";
import { createMap } from "./base";

export function useMap(prepare: (map: MapLibre) => void) {
  const ref = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failed, setFailed] = useState(false);
  const { language } = useSettings();
  const dark = useDark();
  const t = useText();
  const prepared = useRef(prepare);
  prepared.current = prepare;
  const kept = useRef<{ center: [number, number]; zoom: number } | null>(null);
  useEffect(() => {
    let gone = false;
    let made: MapLibre | undefined;
    if (!ref.current) return;
    createMap(ref.current, language, { in: t.map.zoomIn, out: t.map.zoomOut, label: t.map.label }).then(
      (next) => {
        made = next;
        if (gone) return next.remove();
        if (kept.current) next.jumpTo(kept.current);
        prepared.current(next);
        setMap(next);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      if (made) {
        kept.current = { center: made.getCenter().toArray(), zoom: made.getZoom() };
        setMap(null);
        made.remove();
      }
    };
  }, [language, dark]);
  return { ref, map, failed, isKept: () => kept.current !== null };
}
