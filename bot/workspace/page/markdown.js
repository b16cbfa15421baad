// The markdown block: standard Markdown's everyday part, to DOM. No HTML passes: a tag in the text stays text.
import { el, link } from "./dom.js";

const INLINE = /(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(\*|_)(?=\S)(.+?)(?<=\S)\3|~~(.+?)~~|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)]+)/su;

function inline(text) {
  const out = [];
  for (let rest = text; rest; ) {
    const found = INLINE.exec(rest);
    if (!found) {
      out.push(rest);
      break;
    }
    out.push(rest.slice(0, found.index), piece(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return out;
}

function piece([, , strong, , em, strike, code, label, target, bare]) {
  if (strong) return el("strong", {}, inline(strong));
  if (em) return el("em", {}, inline(em));
  if (strike) return el("s", {}, inline(strike));
  if (code) return el("code", {}, code);
  return label ? link(target, inline(label)) : link(bare, bare);
}

const STARTS = [
  [/^#{1,6}\s+(.*)/, (rows) => el("h4", {}, inline(rows[0]))],
  [/^\s*[-*+]\s+(.*)/, (rows) => el("ul", {}, rows.map((row) => el("li", {}, inline(row))))],
  [/^\s*\d+[.)]\s+(.*)/, (rows) => el("ol", {}, rows.map((row) => el("li", {}, inline(row))))],
  [/^>\s?(.*)/, (rows) => el("blockquote", {}, inline(rows.join("\n")))],
];

/** A Markdown text as a list of elements. */
export function markdown(text) {
  const rows = String(text ?? "").split("\n");
  const out = [];
  while (rows.length) {
    if (/^```/.test(rows[0])) {
      const end = rows.findIndex((row, index) => index > 0 && /^```/.test(row));
      out.push(el("pre", { tabindex: 0 }, rows.splice(0, end < 0 ? rows.length : end + 1).slice(1, end < 0 ? undefined : -1).join("\n")));
    } else if (/^(-{3,}|\*{3,})\s*$/.test(rows[0])) out.push(rows.shift() && el("hr"));
    else if (!rows[0].trim()) rows.shift();
    else out.push(block(rows));
  }
  return out;
}

function block(rows) {
  const kind = STARTS.find(([pattern]) => pattern.test(rows[0]));
  const taken = [];
  if (!kind) {
    while (rows.length && rows[0].trim() && !/^```/.test(rows[0]) && !STARTS.some(([pattern]) => pattern.test(rows[0]))) taken.push(rows.shift());
    return el("p", {}, inline(taken.join("\n")));
  }
  const single = kind === STARTS[0];
  while (rows.length && kind[0].test(rows[0]) && !(single && taken.length)) taken.push(kind[0].exec(rows.shift())[1]);
  return kind[1](taken);
}
