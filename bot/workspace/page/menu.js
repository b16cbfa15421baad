// A button that opens a menu (overflow, shortcuts): arrow keys move, Esc closes, focus comes back to the button.
import { el, uid } from "./dom.js";
import { place } from "./popup.js";

/** `items`: {label, description?, href?, run}. */
export function menuButton({ label, content, items, className = "icon-button" }) {
  const id = uid("menu");
  const button = el("button", { type: "button", class: className, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, "aria-controls": id }, content);
  const menu = el("div", { id, class: "menu", role: "menu", "aria-label": label, popover: "manual" });
  const close = (refocus) => {
    if (button.getAttribute("aria-expanded") === "false") return;
    menu.hidePopover();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) button.focus();
  };
  const outside = (event) => wrapper.contains(event.target) || close(false);
  const choose = (item) => {
    close(true);
    item.run?.(button);
  };
  for (const item of items) {
    const inside = [el("span", {}, item.label), item.description ? el("span", { class: "option-description" }, item.description) : null];
    const common = { role: "menuitem", class: "menu-item", tabindex: -1, onclick: () => choose(item) };
    menu.append(
      item.href
        ? el("a", { ...common, href: item.href, target: "_blank", rel: "noopener noreferrer" }, inside)
        : el("button", { ...common, type: "button" }, inside),
    );
  }
  const open = () => {
    menu.showPopover();
    place(menu, button, { width: false });
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
    menu.firstElementChild?.focus();
  };
  button.addEventListener("click", () => (button.getAttribute("aria-expanded") === "true" ? close(true) : open()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || button.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    open();
  });
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children];
    const here = all.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close(true);
    if (to !== undefined) all.at(to % all.length).focus();
    if (to !== undefined || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  const wrapper = el("span", { class: "menu-wrapper" }, button, menu);
  return wrapper;
}
