// A list of messages that is kept, not redrawn: each one has its element, by ts; days are set apart; the end stays in sight.
import { el, replace } from "./dom.js";
import { daySeparator, millisOf, sameDay } from "./format.js";
import { merged } from "./form.js";
import { t } from "./i18n.js";
import { drawMessage } from "./message.js";

const TOGETHER_MS = 5 * 60_000;
const NEAR_END_PX = 120;

export class MessageList {
  constructor({ label, inThread = false, intro = null }) {
    this.inThread = inThread;
    this.entries = new Map();
    this.list = el("div", { class: "messages" });
    this.node = el("div", { class: "log", role: "log", "aria-label": label, "aria-live": "polite", tabindex: 0, onkeydown: (event) => this.walk(event) }, intro, this.list);
    this.jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() }, t("new-messages"));
    this.node.addEventListener("scroll", () => this.atEnd() && (this.jump.hidden = true), { passive: true });
    this.resized = new ResizeObserver(() => this.sticky && this.toEnd());
    this.resized.observe(this.node);
    this.sticky = true;
  }

  atEnd() {
    this.sticky = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END_PX;
    return this.sticky;
  }

  toEnd() {
    this.node.scrollTop = this.entries.size ? this.node.scrollHeight : 0; // an empty conversation begins with its introduction
    this.jump.hidden = true;
  }

  /** Show exactly these. What is typed in messages that stay is kept; what was gone meanwhile goes. */
  set(messages) {
    const first = !this.entries.size;
    const end = first || this.atEnd();
    this.node.setAttribute("aria-busy", "true");
    const wanted = new Set(messages.map((one) => one.ts));
    for (const ts of [...this.entries.keys()]) if (!wanted.has(ts)) this.remove(ts);
    for (const message of messages) this.upsert(message, { quiet: true });
    if (end) this.toEnd();
    requestAnimationFrame(() => this.node.removeAttribute("aria-busy"));
  }

  upsert(message, { quiet = false } = {}) {
    const old = this.entries.get(message.ts);
    if (old && JSON.stringify(old.message) === JSON.stringify(message)) return;
    const end = !quiet && (!this.entries.size || this.atEnd()); // the first one is what the introduction asked to try
    if (old) this.redraw(old, message);
    else this.insert(message);
    if (quiet) return;
    if (end) this.toEnd();
    else if (!old) this.jump.hidden = false;
  }

  insert(message) {
    const tail = this.list.lastElementChild;
    let before = null;
    if (tail && Number(tail.dataset.ts) > Number(message.ts))
      before = [...this.list.querySelectorAll(".message")].find((node) => Number(node.dataset.ts) > Number(message.ts)) ?? null;
    const previous = before ? this.previous(before) : (tail && this.entries.get(tail.dataset.ts));
    const node = this.draw(message, previous?.message);
    this.entries.set(message.ts, { message, node });
    const dayBefore = before?.previousElementSibling?.classList.contains("day") ? before.previousElementSibling : null;
    this.list.insertBefore(node, dayBefore && !this.sameDayAs(previous, message) && !sameDay(millisOf(message.ts), millisOf(before.dataset.ts)) ? dayBefore : before);
    if (!this.sameDayAs(previous, message) && !node.previousElementSibling?.classList.contains("day"))
      node.before(el("div", { class: "day", role: "separator" }, el("span", {}, daySeparator(millisOf(message.ts)))));
  }

  sameDayAs = (entry, message) => Boolean(entry) && sameDay(millisOf(entry.message.ts), millisOf(message.ts));

  previous(node) {
    for (let at = node.previousElementSibling; at; at = at.previousElementSibling) if (at.dataset.ts) return this.entries.get(at.dataset.ts);
    return null;
  }

  draw(message, previous, values) {
    const compact = previous && previous.user === message.user && previous.bot_id === message.bot_id && !previous.ephemeral && !message.ephemeral &&
      !previous.reply_count && millisOf(message.ts) - millisOf(previous.ts) < TOGETHER_MS && sameDay(millisOf(previous.ts), millisOf(message.ts));
    return drawMessage(message, { compact, inThread: this.inThread, values });
  }

  redraw(entry, message) {
    const focused = entry.node.contains(document.activeElement) ? document.activeElement : null;
    const action = focused?.dataset.action;
    const block = focused?.closest("[data-block]")?.dataset.block;
    const node = this.draw(message, this.previous(entry.node)?.message, merged({}, entry.node.form.values()));
    node.classList.toggle("target", entry.node.classList.contains("target"));
    entry.node.replaceWith(node);
    this.entries.set(message.ts, { message, node });
    if (!focused) return;
    const same = action && node.querySelector(`[data-block="${CSS.escape(block ?? "")}"] [data-action="${CSS.escape(action)}"]`);
    (same || node).focus({ preventScroll: true });
  }

  remove(ts) {
    const entry = this.entries.get(ts);
    if (!entry) return;
    const hadFocus = entry.node.contains(document.activeElement);
    const { previousElementSibling: above, nextElementSibling: below } = entry.node;
    entry.node.remove();
    this.entries.delete(ts);
    if (above?.classList.contains("day") && !below?.dataset.ts) above.remove();
    if (hadFocus) this.node.focus({ preventScroll: true });
  }

  /** Bring a message into sight, mark it for a moment, and put the focus there. Says whether it is here. */
  show(ts) {
    const node = this.entries.get(ts)?.node;
    if (!node) return false;
    this.list.querySelector(".target")?.classList.remove("target");
    node.classList.add("target");
    this.sticky = false;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    return true;
  }

  clear() {
    this.entries.clear();
    replace(this.list);
  }

  /** Arrow keys go from message to message while the focus is on the log or on a message itself. */
  walk(event) {
    const here = event.target.closest(".message");
    if (event.target !== this.node && event.target !== here) return;
    const all = [...this.list.querySelectorAll(".message")];
    const at = here ? all.indexOf(here) : all.length;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    all[to].focus({ preventScroll: true });
    all[to].scrollIntoView({ block: "nearest" });
  }
}
