// rich_text blocks: sections, lists, quotes and preformatted text, with their styles.
import { el, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { slackDate } from "./format.js";
import { conversation } from "./state.js";
import { userName } from "./mrkdwn_dom.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };
const INLINE = {
  text: (item) => document.createTextNode(item.text),
  link: (item) => link(item.url, item.text || item.url),
  user: (item) => el("span", { class: "mention" }, `@${userName(item.user_id)}`),
  channel: (item) => el("span", { class: "mention" }, `#${conversation(item.channel_id)?.name ?? item.channel_id}`),
  usergroup: (item) => el("span", { class: "mention" }, `@${item.usergroup_id}`),
  broadcast: (item) => el("span", { class: "mention mine" }, `@${item.range}`),
  emoji: (item) => document.createTextNode(emoji(item.name)),
  date: (item) => el("time", {}, slackDate({ ts: item.timestamp, format: item.format ?? "", fallback: item.fallback ?? "" })),
};

function run(item) {
  let node = Object.hasOwn(INLINE, item.type) ? INLINE[item.type](item) : document.createTextNode(item.text ?? "");
  for (const [style, tag] of Object.entries(STYLES)) if (item.style?.[style]) node = el(tag, {}, node);
  return node;
}

const runs = (part) => (part.elements ?? []).map(run);
const PARTS = {
  rich_text_section: (part) => el("div", { class: "rich-line" }, runs(part)),
  rich_text_preformatted: (part) => el("pre", { tabindex: 0 }, runs(part)),
  rich_text_quote: (part) => el("blockquote", {}, runs(part)),
  rich_text_list: (part) =>
    el(part.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(part.indent ?? 0, 4)}` }, part.elements.map((item) => el("li", {}, runs(item)))),
};

export const richText = (block) => block.elements.map((part) => (Object.hasOwn(PARTS, part.type) ? PARTS[part.type](part) : null));
