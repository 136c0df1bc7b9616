// The frame around every page: rail, top bar with the ask box, drawer.
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { ApiError, post } from "./api/client";
import { connect, useFleet } from "./api/live";
import { type Asked, AskBox, Drawer, type Opened } from "./components/ask";
import { ShowFinding } from "./components/figure";
import { number, tripName } from "./format";
import { useText } from "./i18n";
import { ChoosePage } from "./pages/choose";
import { ControlPage } from "./pages/control";
import { FleetPage } from "./pages/fleet";
import { QuarantinePage } from "./pages/quarantine";
import { TripPage } from "./pages/trip";
import { TripsPage } from "./pages/trips";
import { VehiclePage } from "./pages/vehicle";
import { WiresPage } from "./pages/wires";
import { usePath } from "./router";
import { change, type Theme, useSettings } from "./settings";

const ICONS = {
  fleet: "M2 13V6h8v7M12 13V8h3l3 3v2M5 15.5h.01M14.500 15.5h.01M2 13h16",
  trips: "M4 16c0-5 12-2 12-7a3 3 0 0 0-6 0M4 16h.01M10 4h.01M4 13V9",
  choose: "M3 5h9M3 10h6M3 15h4M12 13l2.500 2.500L18 10",
  control: "M4 5h12M4 10h12M4 15h12M7 3v4M13 8v4M9 13v4",
  wires: "M3 10h3l2-6 4 12 2-6h3",
  quarantine: "M10 3 18 16H2ZM10 8v4M10 14h.01",
};
const PAGES = [
  ["fleet", "/"],
  ["trips", "/trips"],
  ["choose", "/choose"],
  ["control", "/control"],
  ["wires", "/wires"],
  ["quarantine", "/quarantine"],
] as const;

export function App() {
  const t = useText();
  const path = usePath();
  const [opened, setOpened] = useState<Opened>({});
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => {
    const onSignedOut = () => setSignedOut(true);
    addEventListener("fifthwheel:signed-out", onSignedOut);
    return () => removeEventListener("fifthwheel:signed-out", onSignedOut);
  }, []);
  const close = useCallback(() => setOpened({}), []);
  const onAsked = useCallback((asked: Asked) => setOpened({ asked }), []);
  if (signedOut) return <SignIn onDone={() => (setSignedOut(false), connect())} />;
  const open = !!(opened.asked || opened.finding);
  return (
    <ShowFinding value={(finding, title) => setOpened((old) => ({ ...old, finding: { finding, title } }))}>
      <a className="skip" href="#main">
        {t.skip}
      </a>
      <div className={`app ${open ? "with-drawer" : ""}`}>
        <Rail path={path} />
        <div className="body">
          <header className="top">
            <AskBox onAsked={onAsked} />
            <Connection />
            <Switches />
          </header>
          <main id="main" tabIndex={-1}>
            <Page path={path} />
          </main>
        </div>
        {open && <Drawer opened={opened} onClose={close} />}
      </div>
    </ShowFinding>
  );
}

function Page({ path }: { path: string }) {
  const t = useText();
  const url = new URL(path, location.origin);
  const [, section = "", id] = url.pathname.split("/").map(decodeURIComponent);
  useEffect(() => {
    const titles: Record<string, string> = { "": t.nav.fleet, vehicles: id ?? "", trips: id ? tripName(id) : t.nav.trips, choose: t.nav.choose, control: t.nav.control, wires: t.nav.wires, quarantine: t.nav.quarantine };
    document.title = `${titles[section] ?? t.state.notFound} · Fifthwheel`;
  }, [section, id, t]);
  if (section === "") return <FleetPage />;
  if (section === "vehicles" && id) return <VehiclePage key={id} id={id} query={url.searchParams} />;
  if (section === "trips" && id) return <TripPage key={id} id={id} />;
  if (section === "trips") return <TripsPage />;
  if (section === "choose") return <ChoosePage />;
  if (section === "control") return <ControlPage />;
  if (section === "wires") return <WiresPage />;
  if (section === "quarantine") return <QuarantinePage />;
  return (
    <div className="state">
      <b>{t.state.notFound}</b>
      <p className="mono">{url.pathname}</p>
      <a href="/">{t.state.toFleet}</a>
    </div>
  );
}

function Rail({ path }: { path: string }) {
  const t = useText();
  const here = path === "/" || path.startsWith("/vehicles") ? "/" : PAGES.find(([, to]) => to !== "/" && path.startsWith(to))?.[1];
  return (
    <nav className="rail" aria-label={t.nav.label}>
      <img src="/icon.svg" width="34" height="34" alt="Fifthwheel" />
      {PAGES.map(([name, to]) => (
        <a key={name} href={to} className={to === here ? "on" : ""} aria-current={to === here ? "page" : undefined}>
          <svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
            <path d={ICONS[name]} />
          </svg>
          {t.nav[name]}
        </a>
      ))}
    </nav>
  );
}

function Connection() {
  const t = useText();
  const { connection, overview, vehicles } = useFleet();
  const powered = [...vehicles.values()].filter((one) => one.kind !== "trailer");
  const reporting = powered.filter((one) => one.status !== "silent" && one.status !== "never").length;
  const known = overview ? t.top.reporting(number(reporting), number(powered.length)) : t.top.connecting;
  return (
    <span className={`connection ${connection}`} role="status">
      <i className="dot" aria-hidden="true" />
      {connection === "lost" ? t.top.lost : known}
    </span>
  );
}

function Switches() {
  const t = useText();
  const { language, theme } = useSettings();
  const themes: Theme[] = ["system", "light", "dark"];
  return (
    <span className="switches">
      <button onClick={() => change({ language: language === "zh" ? "en" : "zh" })} aria-label={t.top.languageLabel} lang={language === "zh" ? "en" : "zh-CN"}>
        {t.top.language}
      </button>
      <button onClick={() => change({ theme: themes[(themes.indexOf(theme) + 1) % 3] as Theme })} aria-label={`${t.top.themeLabel}: ${t.top.theme[theme]}`}>
        {t.top.theme[theme]}
      </button>
    </span>
  );
}

function SignIn({ onDone }: { onDone: () => void }) {
  const t = useText();
  const [wrong, setWrong] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    try {
      await post("/session", { token });
      onDone();
    } catch (error) {
      setWrong(error instanceof ApiError);
    }
  };
  return (
    <main className="sign-in">
      <form className="card" onSubmit={(event) => void submit(event)}>
        <img src="/icon.svg" width="44" height="44" alt="" />
        <h1>{t.signIn.title}</h1>
        <p className="sub">{t.signIn.hint}</p>
        <label>
          {t.signIn.token}
          <input type="password" name="token" autoFocus required autoComplete="current-password" />
        </label>
        {wrong && (
          <p role="alert" className="up">
            {t.signIn.wrong}
          </p>
        )}
        <button className="primary">{t.signIn.submit}</button>
      </form>
    </main>
  );
}
