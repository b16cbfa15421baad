// Start: read what there is, draw it, listen. From here on every change comes through the stream or a press.
import * as api from "./api.js";
import { trouble } from "./actions.js";
import { el, replace } from "./dom.js";
import { language, loadTexts, t } from "./i18n.js";
import { fromAnswer, hearView } from "./modal.js";
import { lastMember, placeOf } from "./route.js";
import { applyTheme } from "./theme.js";
import { become, go, hearMessage, redraw, reread, forgetMessage } from "./shell.js";
import { drawConversations } from "./sidebar.js";
import { hurry } from "./stream.js";
import { on, ready, settling, state, tell } from "./state.js";
import { toast } from "./toast.js";

async function start() {
  applyTheme();
  await loadTexts();
  state.boot = await api.boot();
  state.members = new Map(state.boot.members.map((member) => [member.id, member]));
  setClock(state.boot.now);
  const place = placeOf();
  const id = [place.member, lastMember(), newcomer()].find((one) => state.members.has(one)) ?? state.boot.members[0].id;
  await become(id, place);
}

/** Whom a newcomer is: somebody of the tasks who reads the browser's language. */
function newcomer() {
  const people = (state.boot.tasks ?? []).map((task) => task.member);
  return people.find((one) => language(state.members.get(one)?.locale) === language(navigator.language)) ?? people[0];
}

function setClock(now) {
  state.clockAhead = (new Date(now).getTime() - Date.now()) / 1000;
}

on("ready", ({ now }) =>
  settling(async () => {
    setClock(now);
    state.connected = true;
    await Promise.all([reread(), fromAnswer(api.readView()).catch(() => null)]);
  }));
on("message", ({ message }) => hearMessage(message, true));
on("message_changed", ({ message }) => hearMessage(message, false));
on("message_deleted", forgetMessage);
on("view", ({ view }) => hearView(view));
on("notice", (notice) => trouble(notice.container ?? {}, notice.block_id, notice.text) || toast(notice.text, "Slackbot"));
on("clock", ({ now }) => {
  setClock(now);
  tell("clock-moved");
});
on("app", ({ connected }) => {
  state.boot.app.connected = connected;
  tell("status");
});
on("connection", (up) => {
  if (!up) state.connected = false;
  ready();
  tell("status");
});
on("member_changed", ({ member }) => {
  state.members.set(member.id, member);
  if (member.id !== state.me.id) return;
  const changed = member.locale !== state.locale;
  state.me = member;
  state.locale = member.locale;
  if (changed) redraw();
});
on("unread", drawConversations);

addEventListener("popstate", () => go(placeOf()));
addEventListener("online", hurry);
document.addEventListener("visibilitychange", () => document.hidden || hurry());
document.addEventListener("click", (event) => {
  const target = event.target.closest("a[data-permalink]");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(placeOf(new URL(target.href)), { moved: true });
});
document.addEventListener("click", (event) => {
  const target = event.target.closest('a[href^="#c="]');
  if (!target) return;
  event.preventDefault();
  go(placeOf(new URL(target.href)), { moved: true });
});

start().catch((error) => {
  replace(document.querySelector("#app"), el("main", { class: "failed" }, el("h1", {}, "Upgrade Desk"), el("p", { role: "alert" }, error.message || t("error.unreachable")),
    el("button", { type: "button", class: "button primary", onclick: () => location.reload() }, t("try-again"))));
});
