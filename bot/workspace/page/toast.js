// A passing word at the edge of the page; it stays until it is closed or twelve seconds have gone.
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

const STAYS_MS = 12_000;
const shelf = el("div", { class: "toasts", role: "status" });
document.body.append(shelf);

export function toast(text, from) {
  const node = el("div", { class: "toast" }, el("p", {}, from ? el("strong", {}, `${from}: `) : null, text),
    el("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => node.remove() }, icon("close")));
  (document.querySelector("dialog[open]") ?? document.body).append(shelf);
  shelf.append(node);
  setTimeout(() => node.remove(), STAYS_MS);
}
