// The ask box and the drawer: an answer with every figure open to its evidence, or one figure in full.
import { useEffect, useRef, useState } from "react";
import { ApiError, post } from "../api/client";
import type { Answer, Finding } from "../api/schema";
import { alternative, number, readings } from "../format";
import { useText } from "../i18n";
import { usePath } from "../router";
import { useFindingTitle } from "../i18n/findings";
import { Figure, FindingDetail } from "./figure";
import { Failed } from "./states";

export type Asked = { question: string; answer?: Answer; error?: ApiError };

export function AskBox({ onAsked }: { onAsked: (asked: Asked) => void }) {
  const t = useText();
  const path = usePath();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const page = path.startsWith("/trips/") ? "trip" : path.startsWith("/vehicles/") ? "vehicle" : "fleet";

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = (event.target as Element).matches("input,textarea,select");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const ask = async (question: string) => {
    if (!question.trim()) return;
    setOpen(false);
    onAsked({ question });
    try {
      onAsked({ question, answer: await post<Answer>("/ask", { question, context: decodeURIComponent(path) }) });
    } catch (error) {
      if (error instanceof ApiError) onAsked({ question, error });
    }
  };

  return (
    <form
      className="ask"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void ask(input.current?.value ?? "");
      }}
      onFocus={() => setOpen(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        setOpen(false);
        input.current?.blur();
      }}
    >
      <input ref={input} name="question" maxLength={1000} autoComplete="off" placeholder={t.ask.placeholder} aria-label={t.ask.label} />
      <kbd aria-hidden="true">/</kbd>
      {open && (
        <ul className="suggestions">
          {t.ask.suggestions[page].map((question) => (
            <li key={question}>
              <button
                type="button"
                onClick={() => {
                  if (input.current) input.current.value = question;
                  void ask(question);
                }}
              >
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}

export type Opened = { asked?: Asked; finding?: { finding: Finding; title: string } };

export function Drawer({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const t = useText();
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onClose]);
  useEffect(() => box.current?.focus(), [opened]);
  const { asked, finding } = opened;
  return (
    <aside className="drawer" ref={box} tabIndex={-1} aria-label={asked ? t.ask.answer : t.figure.evidence}>
      <button className="close" onClick={onClose} aria-label={t.ask.close} title={t.ask.close}>
        ×
      </button>
      {asked && <Reply asked={asked} />}
      {finding && <FindingDetail {...finding} />}
    </aside>
  );
}

function Reply({ asked }: { asked: Asked }) {
  const t = useText();
  const titleOf = useFindingTitle();
  const { question, answer, error } = asked;
  return (
    <div className="reply" aria-live="polite">
      <p className="question">{question}</p>
      {error && <Failed error={error} />}
      {!answer && !error && <p role="status">{t.ask.thinking}</p>}
      {answer && (
        <>
          {!answer.answered && <p className="tag warn">{t.ask.unanswered}</p>}
          <p className="text">
            <Cited answer={answer} />
          </p>
          {answer.missing && (
            <p className="sub">
              {t.ask.missing}: {answer.missing}
            </p>
          )}
          {answer.links.length > 0 && (
            <p className="links">
              {answer.links.map(([text, path]) => (
                <a key={text + path} href={path}>
                  {text}
                </a>
              ))}
            </p>
          )}
          {answer.calls.some((call) => call.findings.length > 0) && <h3>{t.ask.evidence}</h3>}
          {answer.calls.map((call, index) => (
            <dl className="call" key={index}>
              <dt className="mono">
                {call.name}({Object.values(call.arguments).join(", ")})
              </dt>
              {call.findings.slice(0, 12).map((finding, at) => (
                <dd key={at}>
                  <span>{titleOf(finding.name)}</span> <Figure finding={finding} /> {alternative(finding) && <em className="origin">{alternative(finding)}</em>}
                </dd>
              ))}
              {call.findings.length > 12 && <dd>… {number(call.findings.length)}</dd>}
            </dl>
          ))}
          <p className="sub">{t.ask.took(`${number(answer.duration_s * 1000)} ms`)}</p>
        </>
      )}
    </div>
  );
}

// A number that is not part of a plate, a date, a time or a ratio like 6×4.
const FIGURE = /(?<![A-Za-z\d:·/×.-])[+\-−]?\d[\d\u202f\u2009 ,]*(?:\.\d+)?(?![\d:×/·]|-\d)/g;

/** The answer's text, with each number a button to the finding it came from. */
function Cited({ answer }: { answer: Answer }) {
  const findings = answer.calls.flatMap((call) => call.findings);
  const parts: React.ReactNode[] = [];
  let end = 0;
  for (const match of answer.text.matchAll(FIGURE)) {
    const written = match[0].trimEnd().replace(/[ ,]$/, "");
    const finding = findings.find((one) => isWritten(one, written));
    if (!finding) continue;
    parts.push(answer.text.slice(end, match.index), <Figure key={match.index} finding={finding} text={written} />);
    end = match.index + written.length;
  }
  return <>{[...parts, answer.text.slice(end)]}</>;
}

function isWritten(finding: Finding, written: string): boolean {
  const plain = written.replace(/[\u202f\u2009 ,]/g, "").replace("−", "-");
  const [value, digits] = [Math.abs(Number(plain)), plain.split(".")[1]?.length ?? 0];
  return readings(finding).some((reading) => Math.abs(Math.abs(reading) - value) <= 0.5000001 * 10 ** -digits);
}
