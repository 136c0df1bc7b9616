// What people call a finding, and how it was found, by the names and sentences that the fleet gives.
import { type Language, useSettings } from "../settings";

type Pair = readonly [en: string, zh: string];
const NAMES: Record<string, Pair> = {
  engine: ["Engine heat", "发动机热损失"],
  aero_still: ["Air, still", "空气阻力（无风）"],
  aero_wind: ["Wind", "风"],
  rolling_tractor: ["Tyres, tractor", "轮胎（牵引车）"],
  rolling_trailer: ["Tyres, trailer", "轮胎（挂车）"],
  climb: ["Net climb", "净爬升"],
  kinetic: ["Net speed", "净动能"],
  brake_friction: ["Friction brakes", "摩擦制动"],
  retarder: ["Retarder", "缓速器"],
  engine_brake: ["Engine brake", "发动机制动"],
  driveline: ["Driveline", "传动系"],
  motor: ["Motor and inverter", "电机与控制器"],
  idle: ["Idling", "怠速"],
  auxiliary: ["Auxiliaries", "附件"],
  unexplained: ["Unexplained", "未解释"],
  gross_climb: ["Climb, gross", "累计爬升"],
  gross_descent: ["Descent, gross", "累计下降"],
  recovered: ["Recovered", "回收能量"],
  fuel_cell: ["Fuel cell", "燃料电池"],
  "perform.startability": ["Steepest start", "最大起步坡度"],
  "perform.gradeability": ["Steepest grade", "最大爬坡度"],
  "perform.climb": ["Grade at the climbing speed", "规定爬坡车速下的爬坡度"],
  "perform.held_speed": ["Speed on the grade asked", "规定坡度上的车速"],
  "perform.top_speed": ["Top speed", "最高车速"],
  "perform.geared_top_speed": ["Top speed by gearing", "速比决定的最高车速"],
  "perform.cruise_speed": ["Shaft speed at 85 km/h", "85 km/h 时转速"],
  "perform.step_landing": ["Landing of the widest step", "最大级差换挡落点"],
  "perform.acceleration": ["0 to 80 km/h", "0–80 km/h 加速时间"],
  "perform.power_mass": ["Power over mass", "比功率"],
  "perform.cruise_power": ["Wheel power at 85 km/h", "85 km/h 轮边功率"],
  "perform.equilibrium_grade": ["Grade that holds 85 km/h", "维持 85 km/h 的下坡度"],
  "perform.descent_grade": ["Descent without friction brakes", "不用行车制动的下坡度"],
  "perform.descent_friction": ["Left to friction brakes", "留给行车制动的功率"],
  "perform.type_iia_friction": ["Type IIA, left to friction brakes", "IIA 型试验留给行车制动"],
  "perform.starts": ["Starts on 12 %", "12% 坡道起步次数"],
  "perform.starts_clutch": ["Clutch after the starts", "起步后离合器温度"],
  "perform.descent_charge": ["Highest charge before the descent", "下坡前最高电量"],
  "choice.cost": ["Cost per km, whole life", "全生命周期每公里成本"],
  "choice.cost_tkm": ["Cost per t·km", "吨公里成本"],
  "meter.fuel": ["Fuel at the meter", "燃料计量"],
  "meter.battery": ["Traction battery at the meter", "动力电池计量"],
  "meter.trailer_battery": ["Trailer battery at the meter", "挂车电池计量"],
  "account.battery": ["Battery", "动力电池"],
  "fleet.energy_today": ["Energy today", "今日能耗"],
  "fleet.distance_today": ["Distance today", "今日里程"],
  "fleet.energy_per_km": ["Energy per km", "单位里程能耗"],
  "fleet.explained": ["Explained share", "已解释比例"],
  "fleet.active_faults": ["Active faults", "当前故障"],
  mass_kg: ["Mass of the combination", "列车总质量"],
  drag_area_m2: ["Drag area CdA", "风阻面积 CdA"],
  rolling_tractor_ratio: ["Tyres of the tractor, to catalogue", "牵引车轮胎（相对目录值）"],
  rolling_trailer_ratio: ["Tyres of the trailer, to catalogue", "挂车轮胎（相对目录值）"],
  rolling_resistance_ratio: ["Rolling resistance", "滚动阻力系数"],
  wind_east_mps: ["Wind, eastward", "风速（向东分量）"],
  wind_north_mps: ["Wind, northward", "风速（向北分量）"],
  auxiliary_w: ["Auxiliary power", "附件功率"],
  torque_ratio: ["Torque, true to reported", "扭矩（实际与上报之比）"],
  driveline_ratio: ["Driveline losses, to catalogue", "传动损失（相对目录值）"],
  air_temperature_k: ["Air temperature", "气温"],
  energy: ["Energy", "能耗"],
  total: ["Energy", "能耗"],
  fuel: ["Fuel", "燃料"],
  battery: ["Battery", "电池"],
  electric: ["Electricity", "电能"],
  distance: ["Distance", "里程"],
  start: ["Start", "出发"],
  end: ["End", "到达"],
  age: ["Age", "距今"],
  latitude: ["Latitude", "纬度"],
  longitude: ["Longitude", "经度"],
  speed: ["Speed", "车速"],
  mass: ["Mass", "质量"],
  trips_count: ["Trips", "行程数"],
  vehicles_count: ["Vehicles", "车辆数"],
  count: ["Number", "数量"],
  reporting_count: ["Reporting", "在线"],
  silent_count: ["Silent", "失联"],
  first_seen: ["First seen", "首次出现"],
  last_seen: ["Last seen", "最近出现"],
};

const METHODS: Record<string, string> = {
  "fuel while driving less crank work (net torque x speed)": "行驶中的燃料能量减去曲轴功（净扭矩×转速）",
  "air density x drag area x speed cubed / 2, without wind": "空气密度×风阻面积×车速三次方÷2，不计风",
  "rest of the air force with the wind that the force balance suggests; climate where it says nothing": "其余空气阻力，风由受力平衡推得，推不出时取当地气候值",
  "rolling force of the tractor's tyres by load and temperature x way": "牵引车轮胎滚动阻力（随载荷与温度）×路程",
  "rolling force of the trailer's tyres by load and temperature x way": "挂车轮胎滚动阻力（随载荷与温度）×路程",
  "weight x height gained, heights smoothed along the road": "重量×净升高，高程沿路平滑",
  "mass and rotating mass x change of squared speed / 2": "质量与旋转质量×车速平方之差÷2",
  "what motion gave up without traction and nothing else took, less the retarder's share": "无驱动时车辆损失的动能与势能中，其他各项都没有带走、也不属于缓速器的部分",
  "brake heat that the retarder could take while its switch was not off": "缓速器未关闭时其能力范围内的制动热",
  "crank work below the engine's own drag": "曲轴反拖功中超出发动机自身阻力的部分",
  "shaft work x (1 - efficiency of gear and axle), and slip of the clutch": "轴功×（1−变速器与车桥效率），加离合器滑摩",
  "terminal energy less auxiliaries and shaft work (torque x speed)": "端子能量减去附件与轴功（转矩×转速）",
  "lies behind the terminals, where the meter is": "在计量端子之后",
  "fuel while standing less what auxiliaries took then": "停车时的燃料能量减去附件用量",
  "power seen while standing, else of the catalogue, x time switched on": "停车时观察到的功率（没有则取目录值）×通电时间",
  "meter less all other terms": "计量能耗减去其他各项",
  "weight x height between turning points of the smoothed road": "重量×平滑道路各转折点间的高差",
  "work that motors took back, at their shafts": "电机在轴端回收的功",
  "rolling force of all tyres over weight at the trip's load and temperature": "本次载荷与温度下全部轮胎滚动阻力与重量之比",
  "difference of the engine's fuel counter": "发动机累计油耗之差",
  "the engine's fuel rate, integrated": "燃料流量积分",
  "fall of the tank level": "油箱液位下降",
  "terminal voltage times current, integrated": "端电压×电流积分",
  "change of the state of charge times capacity": "荷电状态变化×容量",
  "catalogue or climate; this trip adds little": "目录值或气候值，本次行程增补不多",
  "sum of today's trips, fuel and electricity": "今日各行程燃料与电能之和",
  "sum of today's trips": "今日各行程之和",
  "today's energy over today's distance": "今日能耗÷今日里程",
  "1 - |unexplained| / meter over today's trips": "今日行程：1−|未解释|÷计量能耗",
  "faults whose last report is recent": "最近仍在上报的故障",
  "meter over distance": "计量能耗÷里程",
  "difference of the accounts": "两本能量账之差",
};

export function findingTitle(name: string, language: Language): string {
  const last = name.split(".").pop() ?? name;
  const pair = NAMES[name] ?? NAMES[last] ?? NAMES[last.replace(/_(share_ratio|per_distance|today)$/, "")];
  return pair ? pair[language === "zh" ? 1 : 0] : last.replace(/_(count|ratio|kg|us|s)$/, "").replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());
}

export const useFindingTitle = (): ((name: string) => string) => {
  const { language } = useSettings();
  return (name) => findingTitle(name, language);
};

/** How a figure was found: the fleet's sentence, in Chinese where it is a known one. */
export const useMethod = (): ((method: string) => string) => {
  const { language } = useSettings();
  return (method) => {
    if (language === "en") return method;
    const parts = method.split("; ").map((part) => METHODS[part] ?? part.replace(/^force balance over (\d+) stretches under traction$/, "$1 段驱动路段的受力平衡").replace(/^(\d+) earlier trips of this coupling$/, "此挂接组合此前 $1 趟行程"));
    return METHODS[method] ?? parts.join("；");
  };
};
