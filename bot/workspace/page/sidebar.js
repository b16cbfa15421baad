// The left side: channels, the app, and the member's own settings (language, appearance).
import * as api from "./api.js";
import { avatar } from "./avatar.js";
import { el, icon, replace, uid } from "./dom.js";
import { language, t, tn } from "./i18n.js";
import { state, tell } from "./state.js";
import { setTheme, theme } from "./theme.js";
import { toast } from "./toast.js";

let lists = null;

export function sidebar() {
  lists = { channel: el("ul", {}), im: el("ul", {}) };
  drawConversations();
  const group = (kind, title) => {
    const id = uid("group");
    return [el("h2", { id, class: "sidebar-title" }, title), el("nav", { "aria-labelledby": id }, lists[kind])];
  };
  return el("div", { class: "sidebar", id: "sidebar" },
    el("div", { class: "sidebar-lists" },
      group("channel", t("channels")), state.conversations.some((one) => one.kind === "im") ? group("im", t("apps")) : null),
    settings());
}

/** The list again: another place is current, or something is unread. */
export function drawConversations() {
  if (!lists) return;
  const focused = document.activeElement?.dataset?.channel;
  for (const kind of ["channel", "im"]) replace(lists[kind], state.conversations.filter((one) => one.kind === kind).map(row));
  if (focused) document.querySelector(`.sidebar [data-channel="${focused}"]`)?.focus();
}

function row(one) {
  const unread = state.unread.get(one.id) ?? 0;
  const current = one.id === state.channel;
  const sign = one.kind === "im" ? avatar(one.id, one.name, true, "tiny") : icon(one.is_private ? "lock" : "hash");
  return el("li", {},
    el("button", {
      type: "button", class: unread && !current ? "place unread" : "place", "aria-current": current ? "page" : null, "data-channel": one.id,
      onclick: () => tell("go", { channel: one.id, tab: one.kind === "im" && state.boot.app.home_enabled ? "home" : null }),
    },
    sign, el("span", { class: "place-name" }, one.name), one.is_ext_shared ? icon("shared") : null,
    unread && !current ? el("span", { class: "count" }, String(unread), el("span", { class: "visually-hidden" }, ` ${tn("unread", unread)}`)) : null));
}

function segments(title, name, current, options, choose) {
  const id = uid("segments");
  return el("div", { role: "radiogroup", "aria-labelledby": id }, el("p", { class: "segments-title", id }, title),
    el("div", { class: "segments" }, options.map(([value, label, lang]) =>
      el("label", { lang }, el("input", { type: "radio", name, value, checked: value === current, onchange: () => choose(value) }), el("span", {}, label)))));
}

function settings() {
  const speak = async (locale) => {
    try {
      const { member } = await api.setLocale(locale);
      tell("member_changed", { member });
    } catch (error) {
      toast(error.message);
    }
  };
  return el("div", { class: "settings" },
    segments(t("language"), "language", language() === "de" ? "de-DE" : "en-US", [["en-US", "English", "en"], ["de-DE", "Deutsch", "de"]], speak),
    segments(t("appearance"), "theme", theme(), [["auto", t("theme.auto")], ["light", t("theme.light")], ["dark", t("theme.dark")]], setTheme));
}
