import { createRoot } from "react-dom/client";
import { connect } from "./api/live";
import { App } from "./app";
import "./tokens.css";
import "./app.css";

connect();
createRoot(document.getElementById("root") as HTMLElement).render(<App />);
