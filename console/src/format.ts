// The one place where SI becomes what people read: km/h, kWh, MJ, L/100 km, local time of the fleet.
import type { Finding, TripSummary } from "./api/schema";
import { current } from "./settings";

export interface Shown {
  text: string;
  unit: string;
}
export type EnergyUnit = "MJ" | "kWh";

const THIN = "\u202f";
export const MISSING = "–";
const DIESEL_KG_PER_L = 0.835; // GB 19147 diesel at 20 °C
const J_PER = { MJ: 1e6, kWh: 3.6e6 } as const;

interface Scale {
  unit: string;
  factor: number;
  offset?: number;
  digits: number;
}
const SCALES: Record<string, Scale> = {
  "m/s": { unit: "km/h", factor: 3.6, digits: 0 },
  "m/s²": { unit: "m/s²", factor: 1, digits: 2 },
  m: { unit: "m", factor: 1, digits: 0 },
  K: { unit: "°C", factor: 1, offset: -273.15, digits: 0 },
  Pa: { unit: "bar", factor: 1e-5, digits: 2 },
  "rad/s": { unit: "rpm", factor: 30 / Math.PI, digits: 0 },
  rad: { unit: "°", factor: 180 / Math.PI, digits: 0 },
  "°": { unit: "°", factor: 1, digits: 5 },
  "m³": { unit: "L", factor: 1000, digits: 1 },
  "m³/s": { unit: "L/h", factor: 3.6e6, digits: 1 },
  "kg/s": { unit: "kg/h", factor: 3600, digits: 1 },
  J: { unit: "MJ", factor: 1e-6, digits: 1 },
  "J/m": { unit: "MJ/km", factor: 1e-3, digits: 2 },
  "J/kg": { unit: "MJ/kg", factor: 1e-6, digits: 2 },
  W: { unit: "kW", factor: 1e-3, digits: 1 },
  V: { unit: "V", factor: 1, digits: 1 },
  A: { unit: "A", factor: 1, digits: 1 },
  Ω: { unit: "kΩ", factor: 1e-3, digits: 0 },
  "N·m": { unit: "N·m", factor: 1, digits: 0 },
  "m³/m": { unit: "L/100 km", factor: 1e8, digits: 1 },
  "kg/m": { unit: "kg/100 km", factor: 1e5, digits: 1 },
  "m²": { unit: "m²", factor: 1, digits: 2 },
};
const MONEY = /^[A-Z]{3}\/(m|\(kg·m\)|kg\/m)$/;
const COUNT_NAME = /(_count|_state|_bits|faults|vehicles|trips)$/;

/** `1 531.4`: thin spaces in thousands, a real minus. */
export function number(value: number, digits = 0): string {
  const [whole = "", part] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  const zero = !/[1-9]/.test(whole + (part ?? ""));
  return (value < 0 && !zero ? "−" : "") + grouped + (part ? `.${part}` : "");
}

export const signed = (value: number, digits = 0): string => (value > 0 ? "+" : "") + number(value, digits);

function scaleOf(unit: string, name: string, size: number): Scale {
  if (unit === "J" && size >= 1e8) return { unit: "MJ", factor: 1e-6, digits: 0 };
  if (unit === "m" && size >= 2000 && !/altitude|height|length|climb/.test(name)) {
    return { unit: "km", factor: 1e-3, digits: size < 1e6 ? 1 : 0 };
  }
  if (unit === "kg") return size >= 1000 ? { unit: "t", factor: 1e-3, digits: 1 } : { unit: "kg", factor: 1, digits: 1 };
  if (unit === "s") return size >= 600 ? { unit: "min", factor: 1 / 60, digits: 0 } : { unit: "s", factor: 1, digits: 0 };
  if (MONEY.test(unit)) return unit.endsWith("/m") ? { unit: unit.replace("/m", "/km"), factor: 1e3, digits: 2 } : { unit: unit.replace(/\/.*/, "/t·km"), factor: 1e6, digits: 3 };
  if (unit !== "") return SCALES[unit] ?? { unit, factor: 1, digits: 2 };
  if (COUNT_NAME.test(name)) return { unit: "", factor: 1, digits: 0 };
  if (/resistance/.test(name)) return { unit: "", factor: 1, digits: 4 };
  if (/(_ratio|explained|share)$/.test(name)) return { unit: "%", factor: 100, digits: 1 };
  return { unit: "", factor: 1, digits: size < 0.1 ? 4 : 3 };
}

const applied = (value: number, scale: Scale) => value * scale.factor + (scale.offset ?? 0);

/** A quantity in the unit people read. `name` tells ratios, counts and states apart, which share the unit ''. */
export function show(value: number | null | undefined, unit: string, name = ""): Shown {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: MISSING, unit: "" };
  if (unit === "µs") return { text: fullStamp(value), unit: "" };
  const scale = scaleOf(unit, name, Math.abs(value));
  return { text: number(applied(value, scale), scale.digits), unit: scale.unit };
}

const FINE: readonly (readonly [unit: string, name: RegExp, scale: Scale])[] = [
  ["rad/s", /yaw/, { unit: "°/s", factor: 180 / Math.PI, digits: 1 }],
  ["J", /./, { unit: "kJ", factor: 1e-3, digits: 1 }],
  ["N", /./, { unit: "kN", factor: 1e-3, digits: 1 }],
  ["kg", /./, { unit: "kg", factor: 1, digits: 0 }],
  ["s", /./, { unit: "s", factor: 1, digits: 2 }],
  ["rad", /./, { unit: "°", factor: 180 / Math.PI, digits: 1 }],
  ["m", /./, { unit: "m", factor: 1, digits: 1 }],
];

/** How an engineer at the bench reads a quantity: finer than a fleet does, and the same unit at every size. */
export function bench(unit: string, name: string): { unit: string; digits: number; convert: (value: number) => number; back: (value: number) => number } {
  const scale = FINE.find(([of, named]) => of === unit && named.test(name))?.[2] ?? scaleOf(unit, name, 0);
  const offset = scale.offset ?? 0;
  return { unit: scale.unit, digits: scale.digits, convert: (value) => value * scale.factor + offset, back: (value) => (value - offset) / scale.factor };
}

/** A quantity at the bench with at least three significant digits. */
export function fine(value: number | null | undefined, unit: string, name: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  const scale = bench(unit, name);
  const shown = scale.convert(value);
  const size = Math.abs(shown);
  const digits = Number.isInteger(shown) ? 0 : Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(size || 1))));
  return words({ text: number(shown, digits), unit: scale.unit });
}

export const words = (shown: Shown): string => (shown.unit ? `${shown.text}${THIN}${shown.unit}` : shown.text);

/** A signal's values in the unit people read, for charts. */
export function converter(unit: string, name: string): { unit: string; digits: number; convert: (value: number) => number } {
  const scale = scaleOf(unit, name, unit === "kg" ? 1000 : 0);
  return { unit: scale.unit, digits: scale.digits, convert: (value) => applied(value, scale) };
}

/** Every way a figure may be written in an answer: value in SI and in each unit that people use for it. */
export function readings(finding: Finding): number[] {
  const value = finding.value;
  if (value === null || finding.unit === "µs") return [];
  const scale = scaleOf(finding.unit, finding.name, Math.abs(value));
  const others: Record<string, number[]> = {
    J: [1e-6, 1 / 3.6e6, 1e-9],
    "J/m": [1e-3, 0.1, 1e5 / 3.6e6],
    m: [1, 1e-3],
    kg: [1, 1e-3, 1 / DIESEL_KG_PER_L],
    s: [1, 1 / 60, 1 / 3600],
    "": [1, 100],
  };
  return [applied(value, scale), ...(others[finding.unit] ?? []).map((factor) => value * factor)];
}

/** Energy in the other unit that people use for it, `''` for everything else. */
export function alternative(finding: Finding): string {
  if (finding.value === null) return "";
  if (finding.unit === "J") return `${energy(finding.value, "kWh")}${THIN}kWh`;
  return finding.unit === "J/m" ? `${number(finding.value / 36, 1)}${THIN}kWh/100 km` : "";
}

/** Half width of the 90 % interval, `''` for exact figures. */
export function margin(finding: Finding): string {
  if (finding.value === null || finding.low == null || finding.high == null || finding.low === finding.high) return "";
  const scale = scaleOf(finding.unit, finding.name, Math.abs(finding.value));
  const half = ((finding.high - finding.low) / 2) * scale.factor;
  return `±${THIN}${number(half, Math.max(scale.digits, half < 0.5 * 10 ** -scale.digits ? scale.digits + 1 : 0))}`;
}

export const energy = (joule: number | null, unit: EnergyUnit): string => {
  if (joule === null) return MISSING;
  const value = joule / J_PER[unit];
  return number(value, Math.abs(value) < 10 ? 1 : 0);
};

/** Consumption as the trade says it for this energy: L or kg of fuel and kWh, per 100 km. */
export function consumption(trip: TripSummary, energyKind: string): Shown[] {
  if (trip.distance_m < 100) return [];
  const per = 1e5 / trip.distance_m;
  const shown: Shown[] = [];
  if (trip.fuel_kg) {
    const litres = energyKind.startsWith("diesel");
    const value = (trip.fuel_kg / (litres ? DIESEL_KG_PER_L : 1)) * per;
    shown.push({ text: number(value, 1), unit: litres ? "L/100 km" : "kg/100 km" });
  }
  if (trip.electric_j) shown.push({ text: number((trip.electric_j / 3.6e6) * per, 1), unit: "kWh/100 km" });
  return shown;
}

let timeZone: string | undefined;
let formats: Record<string, Intl.DateTimeFormat> = {};
export function setTimeZone(zone: string): void {
  if (zone === timeZone) return;
  timeZone = zone;
  formats = {};
}

function local(us: number, options: Intl.DateTimeFormatOptions, locale = current().language === "zh" ? "zh-CN" : "en-GB"): string {
  const key = locale + JSON.stringify(options);
  formats[key] ??= new Intl.DateTimeFormat(locale, { ...options, ...(timeZone ? { timeZone } : {}) });
  return formats[key].format(us / 1000);
}
const HM = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
export const clock = (us: number): string => local(us, HM);
export const clockSeconds = (us: number): string => local(us, { ...HM, second: "2-digit" });
export const day = (us: number): string => local(us, { month: "short", day: "numeric" });
export const stamp = (us: number): string => `${day(us)} ${clock(us)}`;
export const fullStamp = (us: number): string =>
  `${local(us, { year: "numeric", month: "2-digit", day: "2-digit" }, "sv-SE")} ${clockSeconds(us)}`; // ISO order

const TRIP_ID = /^(.*)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/;

/** A trip as people name it, by its id: vehicle and start. */
export function tripName(id: string): string {
  const found = TRIP_ID.exec(id);
  if (!found) return id;
  const [vehicle, ...parts] = found.slice(1);
  const [year = 0, month = 1, date, hour, minute, second] = parts.map(Number);
  return `${vehicle} ${stamp(Date.UTC(year, month - 1, date, hour, minute, second) * 1000)}`;
}

export function duration(seconds: number): string {
  const zh = current().language === "zh";
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours >= 48) return zh ? `${Math.floor(hours / 24)}${THIN}天` : `${Math.floor(hours / 24)}${THIN}d`;
  if (hours) return zh ? `${hours}${THIN}小时${THIN}${minutes}${THIN}分` : `${hours}${THIN}h ${String(minutes).padStart(2, "0")}${THIN}min`;
  if (minutes) return zh ? `${minutes}${THIN}分` : `${minutes}${THIN}min`;
  return zh ? `${Math.floor(seconds)}${THIN}秒` : `${Math.floor(seconds)}${THIN}s`;
}

export function ago(seconds: number): string {
  const zh = current().language === "zh";
  if (seconds < 3) return zh ? "刚刚" : "now";
  return zh ? `${duration(seconds)}前` : `${duration(seconds)} ago`;
}

/** What a combination uses on 100 km, as it is bought: litres of diesel or kilograms of gas, and electricity. */
export function use(row: { energy_kind: string; fuel_kgpm: number | null; electric_jpm: number | null }): string {
  const litres = row.energy_kind.startsWith("diesel");
  const fuel = row.fuel_kgpm ? [`${number((row.fuel_kgpm * 1e5) / (litres ? DIESEL_KG_PER_L : 1), 1)}${THIN}${litres ? "L" : "kg"}`] : [];
  const plug = row.electric_jpm ? [`${number((row.electric_jpm * 1e5) / 3.6e6)}${THIN}kWh`] : [];
  return [...fuel, ...plug].join(" + ") || MISSING;
}
