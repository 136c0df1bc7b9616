// The strings of the promise on the vehicle page in both languages, beside each other.
import { type Language, useSettings } from "../settings";

const en = {
  title: "Promised against measured",
  since: (when: string) => `chosen for this duty, promise since ${when}`,
  verdicts: { gathering: "gathering data", kept: "promise kept", missed: "above the promise", better: "better than promised" } as Record<string, string>,
  promised: "Promised",
  promisedNote: "for the ways driven",
  expected: "Expected",
  expectedNote: "promise at the load and weather met",
  measured: "Measured",
  difference: "Difference",
  differenceNote: "measured against expected",
  causes: "From the promise to the meter",
  causesHint: "share of the promised energy, with 90 % intervals",
  groups: { use: "how it is used", vehicle: "the vehicle", open: "either" } as Record<string, string>,
  terms: "Term by term",
  term: "Term",
  costs: "Cost of a kilometre",
  line: "Line",
  rests: "Rests on",
  asPromised: "as promised: not measured",
  total: "Total",
  mass: "Mean mass of the combination",
  speed: "Mean speed, halts included",
  year: "Distance a year",
  used: (trips: string, km: string, coverage: string, road: string) => `${trips} trips, ${km}: ${coverage} of the distance since the promise; ${road} of it on the road of the duty.`,
  leftOut: "Left out",
  notMeasured: "Not measured",
};
type Strings = typeof en;
const zh: Strings = {
  title: "选型承诺与实测",
  since: (when) => `按此工况选型，承诺自 ${when} 起`,
  verdicts: { gathering: "数据积累中", kept: "达到承诺", missed: "高于承诺", better: "优于承诺" },
  promised: "承诺",
  promisedNote: "按所跑方向",
  expected: "应有",
  expectedNote: "承诺按实际载重和天气折算",
  measured: "实测",
  difference: "差异",
  differenceNote: "实测与应有之差",
  causes: "从承诺到实测",
  causesHint: "占承诺能耗的比例，90% 区间",
  groups: { use: "使用", vehicle: "车辆", open: "两者都可能" },
  terms: "逐项对比",
  term: "项目",
  costs: "每公里成本",
  line: "项目",
  rests: "依据",
  asPromised: "按承诺，未实测",
  total: "合计",
  mass: "平均总质量",
  speed: "平均车速（含停车）",
  year: "年行驶里程",
  used: (trips, km, coverage, road) => `${trips} 趟，${km}，占承诺以来里程的 ${coverage}；其中 ${road} 在选型工况的路线上。`,
  leftOut: "未采用",
  notMeasured: "未实测",
};
const texts: Record<Language, Strings> = { en, zh };

/** The strings of the language chosen. */
export const usePromiseText = (): Strings => texts[useSettings().language];
