// The page as a whole: who we are, which place is shown, and what is drawn again when either changes.
import * as api from "./api.js";
import { el, replace } from "./dom.js";
import { conversationView } from "./conversation.js";
import { language, t } from "./i18n.js";
import { fromAnswer, hearView } from "./modal.js";
import { remember } from "./route.js";
import { drawConversations, sidebar } from "./sidebar.js";
import { on, conversation, settling, state, tell } from "./state.js";
import { listen, stop } from "./stream.js";
import { threadPanel } from "./thread.js";
import { drawer, topbar } from "./topbar.js";
import { tryPanel } from "./try_panel.js";

const app = document.querySelector("#app");
let main = null; // {node, pane?, load()}
let side = null; // {node, pane?, load()} or none

/** Be this member, at this place (or where the last one was, if both may be there). */
export const become = (id, place) => settling(() => change(id, place));

async function change(id, place = {}) {
  const first = !state.me;
  stop();
  state.connected = null;
  hearView(null);
  state.me = state.members.get(id);
  state.locale = state.me.locale;
  await readConversations();
  draw();
  await go({ channel: state.channel, ...place }, { moved: !first });
  listen();
}

async function readConversations() {
  state.conversations = (await api.conversations()).conversations;
  state.unread = new Map(state.conversations.map((one) => [one.id, one.unread ?? 0]));
}

/** Draw the frame anew: another member or another language. The conversation follows with go or redraw. */
function draw() {
  document.documentElement.lang = language();
  document.title = `${state.boot.team.name} · Upgrade Desk`;
  replace(
    app,
    el("a", { class: "skip", href: "#conversation" , onclick: (event) => jump(event, ".log, .home") }, t("skip-conversation")),
    el("a", { class: "skip", href: "#composer", onclick: (event) => jump(event, ".composer-input") }, t("skip-composer")),
    topbar(),
    el("div", { class: "body" }, sidebar(), el("main", { id: "main", class: "main" }), el("div", { id: "side", class: "side" })),
  );
}

function jump(event, selector) {
  event.preventDefault();
  document.querySelector(selector)?.focus();
}

/** Another language: everything is drawn again, what was typed stays in the drafts. */
export const redraw = () => settling(again);

async function again() {
  const opened = side?.kind;
  draw();
  await go({ channel: state.channel, thread: state.thread, tab: state.tab });
  if (opened === "try") openTry();
  await fromAnswer(api.readView()).catch(() => null);
}

/** Show a place: a channel, perhaps a thread beside it and a message in sight. One that this member may not see: the first. */
export const go = (place, how) => settling(() => show(place, how));

async function show(place, { moved = false } = {}) {
  if (place.member && place.member !== state.me.id && state.members.has(place.member)) return become(place.member, { ...place, member: null });
  const known = conversation(place.channel) ?? state.conversations[0];
  state.channel = known?.id ?? null;
  state.tab = known?.kind === "im" ? (place.tab ?? "messages") : "messages";
  drawer(false);
  main = conversationView(known);
  replace(document.querySelector("#main"), main.node);
  const thread = known?.id === place.channel ? place.thread : null;
  if (thread) openThread({ channel: known.id, ts: thread });
  else if (side?.kind === "try") openTry();
  else closeSide();
  await Promise.all([main.load(), side?.load?.()]);
  state.unread.set(state.channel, 0);
  drawConversations();
  if (place.ts && !(main.pane?.list.show(place.ts) || side?.pane?.list.show(place.ts))) main.missing?.(place.channel);
  remember({ moved });
  return undefined;
}

/** After a reconnection: read again what is shown. */
export async function reread() {
  await readConversations();
  await Promise.all([main?.load(), side?.load?.()]);
  state.unread.set(state.channel, 0);
  drawConversations();
}

export function hearMessage(message, isNew) {
  if (message.channel === state.channel) main?.pane?.hear(message);
  side?.pane?.hear(message);
  const shown = message.channel === state.channel && main?.pane && !document.hidden;
  if (!isNew || shown || message.user === state.me.id || (message.thread_ts && message.thread_ts !== message.ts)) return;
  state.unread.set(message.channel, (state.unread.get(message.channel) ?? 0) + 1);
  tell("unread");
}

export function forgetMessage({ channel, ts }) {
  if (channel !== state.channel) return;
  main?.pane?.forget(ts);
  side?.pane?.forget(ts);
}

function showSide(next) {
  side = next;
  replace(document.querySelector("#side"), next.node);
  document.body.classList.add("side-open");
  drawer(false);
}

function closeSide() {
  side = null;
  state.thread = null;
  document.querySelector("#side")?.replaceChildren();
  document.body.classList.remove("side-open");
}

function openThread({ channel, ts }) {
  state.thread = ts;
  showSide(threadPanel(channel, ts));
}

function openTry() {
  state.thread = null;
  showSide(tryPanel());
}

on("open-thread", async (what) => {
  const opener = document.activeElement;
  openThread(what);
  side.opener = opener;
  remember();
  await side.load();
  side.pane.composer.input.focus();
});
on("open-try", () => {
  if (side?.kind === "try") return tell("close-side");
  openTry();
  side.node.querySelector(".panel-title").focus();
  return remember();
});
on("close-side", () => {
  const { opener } = side ?? {};
  const parent = main.pane?.list.entries.get(state.thread)?.node;
  closeSide();
  (opener?.isConnected ? opener : (parent?.querySelector(".thread-button") ?? parent ?? document.querySelector(".composer-input")))?.focus();
  remember();
});
on("go", (place) => go(place, { moved: true }));
on("become", (id) => become(id));
/** A task: be that member, go to that channel, and really run the text there. The reader keeps their language. */
on("run-task", async (task) => {
  const other = task.member !== state.me.id ? state.members.get(task.member) : null;
  if (other && language(other.locale) !== language()) state.members.set(other.id, (await api.setLocale(state.locale, other.id)).member);
  if (other) await become(other.id, { channel: task.channel });
  else if (state.channel !== task.channel || !main.pane) await go({ channel: task.channel }, { moved: true });
  if (matchMedia("(max-width: 800px)").matches) closeSide();
  main.pane.list.toEnd();
  main.pane.composer.input.focus();
  await main.pane.composer.send(task.text);
});
