// The tree of mrkdwn.js as DOM. Names of people and channels are looked up; nothing is ever parsed as HTML.
import { el, link } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { full, slackDate } from "./format.js";
import { t } from "./i18n.js";
import { parse } from "./mrkdwn.js";
import { conversation, state } from "./state.js";

const inside = (node) => node.c.map(render);
const RENDER = {
  text: (node) => document.createTextNode(node.v),
  line: (node) => inside(node),
  br: () => el("br"),
  bold: (node) => el("strong", {}, inside(node)),
  italic: (node) => el("em", {}, inside(node)),
  strike: (node) => el("s", {}, inside(node)),
  code: (node) => el("code", {}, node.c),
  pre: (node) => el("pre", { tabindex: 0 }, node.c),
  quote: (node) => el("blockquote", {}, inside(node)),
  list: (node) => el("ul", {}, node.items.map((item) => el("li", {}, item.map(render)))),
  link: (node) => link(node.url, node.c.length ? inside(node) : node.url),
  emoji: (node) => el("span", { class: "emoji", role: "img", "aria-label": node.name.replaceAll("_", " ") }, emoji(node.name)),
  user: (node) => mention(`@${userName(node.id, node.label)}`, node.id === state.me?.id),
  channel: (node) => channelMention(node),
  everyone: (node) => mention(`@${node.name}`, true),
  group: (node) => mention(node.label ?? `@${groupName(node.id)}`, false),
  date: (node) => dated(node),
};

function render(node) {
  return RENDER[node.t](node);
}

/** mrkdwn as a list of nodes. */
export const mrkdwn = (text, options) => parse(text, options).map(render);

/** A text object, plain or mrkdwn. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  return [object.emoji === false ? String(object.text ?? "") : withEmoji(object.text)];
}

/** A text object as a plain string, for names that screen readers say. */
export const plainText = (object) => el("span", {}, textObject(object)).textContent;

export function userName(id, label) {
  const member = state.members.get(id);
  if (member) return member.real_name || member.name;
  if (id === state.boot?.app?.bot_user_id) return state.boot.app.name;
  if (id === "USLACKBOT") return "Slackbot";
  return label || t("someone");
}

const groupName = (id) => state.boot?.usergroups?.find((group) => group.id === id)?.handle ?? t("group");
const mention = (text, mine) => el("span", { class: mine ? "mention mine" : "mention" }, text);

function channelMention({ id, label }) {
  const known = conversation(id);
  const name = `#${label || known?.name || t("private-channel")}`;
  if (!known) return mention(name, false);
  return el("a", { class: "mention", href: `#c=${id}` }, name);
}

function dated(node) {
  const words = slackDate(node);
  const title = Number.isFinite(node.ts) ? full(node.ts * 1000) : null;
  const tag = el("time", { title }, words);
  return node.url ? link(node.url, tag) : tag;
}
