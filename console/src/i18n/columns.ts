// What people call a column of a run: its words translated, and the quantity that its unit says.
import { useSettings } from "../settings";

type Pair = readonly [en: string, zh: string];
const QUANTITY: Record<string, Pair> = {
  radps: ["speed", "转速"], nm: ["torque", "扭矩"], mps: ["speed", "速度"], mps2: ["acceleration", "加速度"], mps3: ["jerk", "冲击度"],
  n: ["force", "力"], k: ["temperature", "温度"], rad: ["angle", "角"], j: ["energy", "能量"], w: ["power", "功率"], pa: ["pressure", "压力"],
  m: ["position", "位置"], kg: ["mass", "质量"], kgps: ["flow", "流量"], s: ["time", "时间"], ratio: ["", ""], state: ["", "状态"], count: ["", ""], v: ["voltage", "电压"], a: ["current", "电流"],
};
const WORDS: Record<string, string> = {
  engine: "发动机", odd: "奇数", even: "偶数", shaft: "轴", output: "输出", clutch: "离合器", wheels: "车轮", wheel: "车轮", capacity: "容量",
  phase: "阶段", gear: "挡位", target: "目标", friction: "摩擦", side: "侧向", yaw: "横摆", trailer: "挂车", tractor: "牵引车", articulation: "铰接",
  steer: "转向", steering: "转向", load: "载荷", transfer: "转移", kingpin: "牵引销", used: "附着利用率", slip: "滑移率", brake: "制动", drive: "驱动",
  speed: "车速", acceleration: "加速度", along: "纵向", across: "侧向", heading: "航向", pressure: "压力", axle: "车桥", regeneration: "回收",
  retarder: "缓速器", demand: "需求", abs: "ABS", stability: "稳定性", temperature: "温度", altitude: "海拔", height: "高度", battery: "电池", soc: "电量",
  motor: "电机", power: "功率", fuel: "燃料", boost: "增压", air: "空气", coolant: "冷却液", torque: "扭矩", pedal: "踏板", idle: "怠速", gap: "间距",
  leader: "头车", follower: "跟车", follow: "跟随", planned: "计划", limit: "限值", grade: "坡度", error: "误差", tie: "双离合", up: "干涉", damping: "阻尼",
  stroke: "行程", odometer: "里程", distance: "距离", front: "前桥", steered: "转向桥", driven: "驱动桥", descent: "下坡", charge: "充电", mass: "质量", jerk: "冲击度",
  utilisation: "附着利用率", ebs: "EBS", acting: "实际", chamber: "气室", coupling: "管路", flange: "法兰", ambient: "环境", sequence: "序列", shift: "换挡", fork: "拨叉", double: "双啮合", roll: "侧倾", turn: "转向", lead: "头车", own: "自车", plan: "计划", oil: "机油", injected: "喷油", smoke: "烟度", lambda: "空燃比", lift: "提升", x: "纵向", y: "侧向", force: "力", wanted: "目标", estimated: "估计", total: "合计", stop: "制动", lamp: "灯",
};

function title(name: string, zh: boolean): string {
  const parts = name.split("_");
  const quantity = QUANTITY[parts.at(-1) ?? ""];
  const stem = quantity ? parts.slice(0, -1) : parts;
  const said = quantity?.[zh ? 1 : 0] ?? "";
  const known = (part: string) => WORDS[part] ?? (/^\d+$/.test(part) ? part : undefined);
  if (zh && stem.some((part) => known(part) === undefined)) return name;
  const words = stem.map((part) => (zh ? (known(part) as string) : part));
  const last = words.at(-1);
  if (said && !last?.endsWith(said) && !(said.includes("速") && last?.endsWith("速"))) words.push(said);
  const text = words.join(zh ? "" : " ").replace(/ +/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Gives the title of a column in the language chosen. */
export function useColumnTitle(): (name: string) => string {
  const { language } = useSettings();
  return (name) => title(name, language === "zh");
}
