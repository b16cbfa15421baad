// One message as an article: who, when, what, its thread, and what can be done with it.
import * as api from "./api.js";
import { marks, trouble } from "./actions.js";
import { avatar } from "./avatar.js";
import { context, renderBlocks } from "./blocks.js";
import { el, icon, uid } from "./dom.js";
import { daySeparator, full, millisOf, time } from "./format.js";
import { t, tn } from "./i18n.js";
import { menuButton } from "./menu.js";
import { mrkdwn, userName } from "./mrkdwn_dom.js";
import { state, tell } from "./state.js";

export const isApp = (message) => Boolean(message.bot_id) || message.user === state.boot.app.bot_user_id || message.user === "USLACKBOT";

/** Draw a message. `compact`: it follows one of the same author. `values`: what was typed in its former drawing. */
export function drawMessage(message, { compact, inThread, values }) {
  const ctx = context({ container: { type: "message", channel: message.channel, ts: message.ts }, values });
  const author = uid("author");
  const node = el(
    "article",
    {
      class: ["message", compact && "compact", message.ephemeral && "ephemeral"].filter(Boolean).join(" "),
      "data-ts": message.ts, "aria-labelledby": author, tabindex: -1, ...marks(ctx.container),
    },
    message.ephemeral ? el("p", { class: "only-you" }, icon("eye"), t("only-you")) : null,
    avatar(message.user, userName(message.user), isApp(message)),
    el(
      "div",
      { class: "message-main" },
      el("div", { class: "message-head", id: author },
        el("span", { class: "author" }, userName(message.user)),
        isApp(message) ? el("span", { class: "badge" }, t("app-badge")) : null,
        " ", stamp(message)),
      body(message, ctx),
      message.subtype === "thread_broadcast" && !inThread ? el("p", { class: "small" }, t("broadcast")) : null,
      inThread ? null : threadButton(message),
    ),
    toolbar(message, inThread),
  );
  node.form = ctx.form;
  return node;
}

const stamp = (message) =>
  el("a", { class: "stamp", href: message.permalink ?? "#", "data-permalink": true, title: full(millisOf(message.ts)) },
    el("time", { datetime: new Date(millisOf(message.ts)).toISOString() }, time(millisOf(message.ts))));

function body(message, ctx) {
  const edited = message.edited ? el("span", { class: "edited" }, ` ${t("edited")}`) : null;
  if (message.blocks?.length) return [renderBlocks(message.blocks, ctx), attachments(message, ctx), files(message)];
  return [el("div", { class: "text block", "data-block": "" }, mrkdwn(message.text), edited), attachments(message, ctx), files(message)];
}

const attachments = (message, ctx) =>
  (message.attachments ?? []).map((one) =>
    el("div", { class: "attachment" }, one.blocks ? renderBlocks(one.blocks, ctx) : el("div", { class: "text" }, mrkdwn(one.text ?? one.fallback ?? ""))));

const files = (message) =>
  (message.files ?? []).map((one) =>
    el("p", { class: "file" }, el("a", { href: api.fileUrl(one.id), download: one.name }, t("download", { name: one.title || one.name }))));

function threadButton(message) {
  if (!message.reply_count) return null;
  const latest = message.latest_reply && millisOf(message.latest_reply);
  return el(
    "button",
    { type: "button", class: "thread-button", onclick: () => tell("open-thread", { channel: message.channel, ts: message.ts }) },
    (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id, userName(id), id === state.boot.app.bot_user_id, "tiny")),
    el("strong", {}, tn("replies", message.reply_count)),
    latest ? el("span", { class: "small" }, t("last-reply", { when: `${daySeparator(latest)}, ${time(latest)}` })) : null,
  );
}

function toolbar(message, inThread) {
  const shortcuts = (state.boot.shortcuts ?? []).filter((one) => one.type === "message");
  if (message.ephemeral || (inThread && !shortcuts.length)) return null;
  const container = { type: "message", channel: message.channel, ts: message.ts };
  const run = (callbackId) =>
    api.shortcut({ callback_id: callbackId, channel: message.channel, ts: message.ts })
      .then((answer) => answer.ok || trouble(container, null, answer.text))
      .catch((error) => trouble(container, null, error.message));
  return el(
    "div",
    { class: "toolbar" },
    inThread ? null : el("button", {
      type: "button", class: "icon-button", "aria-label": t("reply-in-thread"), title: t("reply-in-thread"),
      onclick: () => tell("open-thread", { channel: message.channel, ts: message.thread_ts ?? message.ts, reply: true }),
    }, icon("reply")),
    shortcuts.length ? menuButton({ label: t("more-actions"), content: icon("more"), items: shortcuts.map((one) => ({ label: one.name, description: one.description, run: () => run(one.callback_id) })) }) : null,
  );
}
