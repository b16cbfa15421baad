// The panel beside the conversation: a message and its replies.
import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { Pane } from "./pane.js";
import { conversation, tell } from "./state.js";

/** A panel with a heading and a button that closes it. */
export function panel(title, subtitle, ...children) {
  return el(
    "aside",
    { class: "panel", "aria-labelledby": "panel-title", onkeydown: (event) => event.key === "Escape" && !event.defaultPrevented && tell("close-side") },
    el("header", { class: "panel-head" },
      el("div", {}, el("h2", { id: "panel-title", class: "panel-title", tabindex: -1 }, title), subtitle ? el("p", { class: "topic" }, subtitle) : null),
      el("button", { type: "button", class: "icon-button", "aria-label": t("close-panel"), onclick: () => tell("close-side") }, icon("close"))),
    ...children,
  );
}

export function threadPanel(channel, ts) {
  const known = conversation(channel);
  const pane = new Pane({
    label: t("thread"),
    channel,
    threadTs: ts,
    inThread: true,
    read: () => api.readThread(channel, ts),
    belongs: (message) => message.channel === channel && (message.ts === ts || message.thread_ts === ts),
  });
  return { kind: "thread", pane, node: panel(t("thread"), known?.kind === "im" ? known.name : `#${known?.name ?? ""}`, pane.node), load: () => pane.load() };
}
