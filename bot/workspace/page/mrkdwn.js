// Slack's mrkdwn, parsed to a small tree of plain objects. Nothing here touches the DOM.
// Unescaped <…> are tokens; &lt; &gt; &amp; are the literal characters (docs.slack.dev, "Formatting message text").

const EMPHASIS = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}]/u;

/** A whole text: code blocks first, then lines (quotes, lists), then what stands in a line. */
export function parse(text, { verbatim = false } = {}) {
  const out = [];
  String(text ?? "").split("```").forEach((part, index, all) => {
    const closed = index < all.length - 1;
    if (index % 2 === 1 && closed) out.push({ t: "pre", c: codeText(part.replace(/^\n|\n$/g, "")) });
    else out.push(...lines(index % 2 === 1 ? "```" + part : part, verbatim, index > 0, closed));
  });
  return out;
}

function lines(text, verbatim, afterPre, beforePre) {
  const out = [];
  let rows = text.split("\n");
  if (afterPre && rows[0] === "") rows = rows.slice(1);
  if (beforePre && rows.at(-1) === "") rows = rows.slice(0, -1);
  for (let i = 0; i < rows.length; i++) {
    const rest = /^(?:>|&gt;){3} ?/.exec(rows[i]);
    if (rest) {
      const body = [rows[i].slice(rest[0].length), ...rows.slice(i + 1)];
      out.push({ t: "quote", c: joined(body, verbatim) });
      break;
    }
    const quoted = run(rows, i, /^(?:>|&gt;) ?(?!>|&gt;)/);
    const listed = quoted.length ? [] : run(rows, i, /^(?:•|◦|-) +/);
    if (quoted.length) out.push({ t: "quote", c: joined(quoted, verbatim) });
    else if (listed.length) out.push({ t: "list", items: listed.map((row) => inline(row, verbatim)) });
    else {
      if (out.length && out.at(-1).t === "line") out.push({ t: "br" });
      out.push({ t: "line", c: inline(rows[i], verbatim) });
    }
    i += Math.max(quoted.length, listed.length, 1) - 1;
  }
  return out;
}

function run(rows, start, pattern) {
  const found = [];
  for (let i = start; i < rows.length && pattern.test(rows[i]); i++) found.push(rows[i].replace(pattern, ""));
  return found;
}

const joined = (rows, verbatim) => rows.flatMap((row, i) => [...(i ? [{ t: "br" }] : []), ...inline(row, verbatim)]);

/** One line: emphasis, code, tokens, emoji, bare addresses. */
export function inline(text, verbatim = false) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push({ t: "text", v: unescape(plain) });
    plain = "";
  };
  for (let i = 0; i < text.length; ) {
    const found = at(text, i, verbatim);
    if (found) {
      flush();
      out.push(found.node);
      i += found.length;
    } else plain += text[i++];
  }
  flush();
  return out;
}

function at(text, i, verbatim) {
  const char = text[i];
  if (char === "<") return token(text, i);
  if (char === "`") {
    const end = text.indexOf("`", i + 1);
    return end > i + 1 ? { node: { t: "code", c: codeText(text.slice(i + 1, end)) }, length: end + 1 - i } : null;
  }
  if (EMPHASIS[char]) return emphasis(text, i, verbatim);
  if (char === ":") {
    const name = /^:([a-z0-9_+'-]+):/.exec(text.slice(i, i + 60));
    return name && !/^\d+$/.test(name[1]) ? { node: { t: "emoji", name: name[1] }, length: name[0].length } : null;
  }
  if (!verbatim && char === "h" && !WORD.test(text[i - 1] ?? "")) {
    const url = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"*_~]/.exec(text.slice(i));
    return url ? { node: { t: "link", url: unescape(url[0]), c: [] }, length: url[0].length } : null;
  }
  return null;
}

function emphasis(text, i, verbatim) {
  const mark = text[i];
  if (WORD.test(text[i - 1] ?? "") || text[i - 1] === mark) return null;
  if (!text[i + 1] || /\s/.test(text[i + 1]) || text[i + 1] === mark) return null;
  for (let end = skip(text, i + 1); end < text.length; end = skip(text, end + 1)) {
    if (text[end] !== mark || /\s/.test(text[end - 1]) || WORD.test(text[end + 1] ?? "")) continue;
    return { node: { t: EMPHASIS[mark], c: inline(text.slice(i + 1, end), verbatim) }, length: end + 1 - i };
  }
  return null;
}

/** From a position to the next one that is outside tokens and code: a mark inside those closes nothing. */
function skip(text, i) {
  if (text[i] === "<" && token(text, i)) return text.indexOf(">", i);
  if (text[i] === "`") {
    const end = text.indexOf("`", i + 1);
    return end > 0 ? end : i;
  }
  return i;
}

function token(text, i) {
  const end = text.indexOf(">", i);
  if (end < 0) return null;
  const raw = text.slice(i + 1, end);
  const node = tokenNode(raw);
  return node ? { node, length: end + 1 - i } : null;
}

function tokenNode(raw) {
  const bar = raw.indexOf("|");
  const head = bar < 0 ? raw : raw.slice(0, bar);
  const label = bar < 0 ? null : raw.slice(bar + 1);
  if (/^@[UWB][A-Z0-9]+$/.test(head)) return { t: "user", id: head.slice(1), label: label && unescape(label) };
  if (/^#[CGD][A-Z0-9]+$/.test(head)) return { t: "channel", id: head.slice(1), label: label && unescape(label) };
  if (/^!(here|channel|everyone)$/.test(head)) return { t: "everyone", name: head.slice(1) };
  if (head.startsWith("!subteam^")) return { t: "group", id: head.slice(9), label: label && unescape(label) };
  if (head.startsWith("!date^")) {
    const [, ts, format, url] = head.split("^");
    return { t: "date", ts: Number(ts), format: unescape(format ?? ""), url: url && unescape(url), fallback: unescape(label ?? "") };
  }
  if (/^https?:\/\//i.test(head)) return { t: "link", url: unescape(head), c: label ? inline(label, true) : [] };
  return null;
}

function codeText(text) {
  return unescape(text.replace(/<(https?:[^|>]+)(?:\|([^>]*))?>/g, (_, url, label) => label || url));
}

const CHARACTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => CHARACTERS[entity]);
/** What a person typed, as Slack sends it on. */
export const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
