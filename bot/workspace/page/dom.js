// Building the DOM. Text only ever enters as text nodes; nothing here parses markup.

/** An element. Functions named on… become listeners; null, undefined and false leave the attribute out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) {
      if (typeof value !== "function") throw new TypeError(`${key} wants a function`);
      node.addEventListener(key.slice(2), value);
    } else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

let serial = 0;
/** An id that is unique on this page, for aria-labelledby and its kin. */
export const uid = (prefix) => `${prefix}-${++serial}`;

/** Only http and https become links; anything else (javascript:, data:, nonsense) gives null. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** A link to another place; one to a message of this workspace stays in this window. */
export function link(target, ...children) {
  const url = safeUrl(target);
  if (!url) return el("span", {}, ...children);
  const here = ["127.0.0.1", "localhost"].includes(url.hostname) && url.port === location.port;
  const ours = here && url.pathname.startsWith("/archives/");
  return el(
    "a",
    ours
      ? { href: url.href, "data-permalink": true }
      : { href: url.href, target: "_blank", rel: "noopener noreferrer" },
    ...children,
  );
}

const SVG = "http://www.w3.org/2000/svg";
/** A line icon from a path, hidden from screen readers: the words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  hash: "M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v7H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  close: "m5 5 10 10M15 5 5 15",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  down: "m5 8 5 5 5-5",
  send: "M3 10 17 4l-4 13-3.5-5.5zM9.5 11.5 17 4",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  spark: "M10 2.5 11.8 8l5.7 2-5.7 2L10 17.5 8.2 12l-5.7-2 5.7-2z",
  reply: "M3 4.5h14v9H9l-4 3v-3H3z",
  play: "M6 4.5v11l9-5.5z",
  shared: "M4 10a4 4 0 0 1 4-4h1M16 10a4 4 0 0 1-4 4h-1M7.5 10h5",
  check: "m4 10.5 4 4 8-9",
  external: "M8 5H4.5v10.5H15V12M11 4.5h4.5V9M15 5l-6 6",
};
