// A square with initials; the app has its own sign. Pictures would come from another host.
import { el, icon } from "./dom.js";

const SHADES = 8;
const shade = (id) => [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 997, 7) % SHADES;
const initials = (name) => name.split(/\s+/).filter((word) => /^\p{L}/u.test(word)).map((word) => [...word][0]).filter((_, i, all) => i === 0 || i === all.length - 1).join("").toUpperCase() || "?";

export function avatar(id, name, isApp = false, size = "") {
  const shadeClass = isApp ? "app" : `shade-${shade(id ?? "")}`;
  return el("span", { class: `avatar ${shadeClass} ${size}`, "aria-hidden": "true" }, isApp ? icon("spark") : initials(name));
}
