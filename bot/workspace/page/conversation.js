// The middle of the page: a channel with its messages, or the app with its two tabs.
import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { homeView } from "./home.js";
import { t } from "./i18n.js";
import { Pane } from "./pane.js";
import { app, conversation, state, tell } from "./state.js";
import { taskList } from "./try_panel.js";

const WELCOME_CHANNEL = "general";

export function conversationView(channel) {
  if (!channel) return { node: el("p", { class: "empty" }, t("no-conversations")), load: async () => {} };
  const direct = channel.kind === "im";
  const inner = direct && state.tab === "home" ? homeView() : messagesView(channel);
  return {
    ...inner,
    node: el("section", { class: "conversation", "aria-labelledby": "conversation-title" }, head(channel, direct), direct ? tabs(channel) : null, inner.node),
  };
}

function messagesView(channel) {
  const pane = new Pane({
    label: channel.kind === "im" ? channel.name : `#${channel.name}`,
    channel: channel.id,
    read: () => api.readConversation(channel.id),
    belongs: (message) => message.channel === channel.id && (!message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast"),
    intro: intro(channel),
  });
  return {
    pane,
    node: pane.node,
    load: () => pane.load(),
    missing(wanted) {
      pane.error.textContent = wanted && !conversation(wanted) ? t("no-such-channel") : t("no-such-message");
      pane.error.hidden = false;
    },
  };
}

function head(channel, direct) {
  const sign = direct ? icon("spark") : icon(channel.is_private ? "lock" : "hash");
  const about = direct ? t("about-app") : channel.topic || channel.purpose;
  return el(
    "header",
    { class: "conversation-head" },
    el("h2", { id: "conversation-title", tabindex: -1 }, sign, channel.name, direct ? el("span", { class: "badge" }, t("app-badge")) : null,
      channel.is_ext_shared ? el("span", { class: "badge outline" }, t("shared-channel")) : null),
    about ? el("p", { class: "topic" }, about) : null,
  );
}

function tabs(channel) {
  const tab = (name) => {
    const current = state.tab === name;
    return el("button", { type: "button", class: "tab", "aria-current": current ? "page" : null, onclick: () => tell("go", { channel: channel.id, tab: name }) }, t(`tab.${name}`));
  };
  const shown = ["home", "messages"].filter((name) => app()[`${name}_enabled`] !== false);
  return el("nav", { class: "tabs", "aria-label": t("app-tabs", { name: channel.name }) }, shown.map(tab));
}

/** The beginning of a conversation; in the first channel, what can be tried here. */
function intro(channel) {
  if (channel.name !== WELCOME_CHANNEL || channel.kind === "im")
    return el("div", { class: "intro" }, el("p", {}, channel.kind === "im" ? t("intro-app") : t("intro-channel", { name: channel.name })));
  return el(
    "div",
    { class: "intro welcome" },
    el("h3", {}, t("welcome")),
    el("p", { class: "lead" }, t("welcome-text")),
    el("p", { class: "assurance" }, icon("check"), el("strong", {}, t("nothing-ordered")), " ", t("nothing-ordered-why")),
    taskList(),
  );
}
