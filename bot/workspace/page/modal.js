// The top of the member's modal stack, as a native dialog: the rest of the page is inert, Esc closes, the focus stays inside.
import * as api from "./api.js";
import { marks } from "./actions.js";
import { context, renderBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { merged } from "./form.js";
import { t } from "./i18n.js";
import { textObject } from "./mrkdwn_dom.js";

let view = null;
let ctx = null;
let before = null;
let heard = 0; // how often the stream has told of a view: what it says is newer than an answer that was asked for earlier
const dialog = el("dialog", { class: "modal", "aria-modal": "true", "aria-labelledby": "modal-title" });
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close(false);
});
document.body.append(dialog);

/** From the stream: always the newest. */
export function hearView(next) {
  heard++;
  showView(next);
}

/** An answer counts only if the stream has said nothing since it was asked for. Resolves to the whole answer. */
export async function fromAnswer(asking) {
  const at = heard;
  const answer = await asking;
  if (at === heard && "view" in answer) showView(answer.view);
  return answer;
}

/** Show this view, which may be the same one in a newer form, another one, or none. */
function showView(next) {
  if (!next) return hide();
  if (view?.id === next.id && view.hash === next.hash && dialog.open) return undefined;
  const same = view?.id === next.id;
  const values = merged(next.state?.values, same ? kept(next) : {});
  const focused = same && dialog.contains(document.activeElement) ? document.activeElement : null;
  const spot = focused && [focused.closest("[data-block]")?.dataset.block, focused.dataset.action];
  const scrolled = same ? dialog.querySelector(".modal-body")?.scrollTop : 0;
  view = next;
  draw(values);
  if (!dialog.open) {
    before = document.activeElement;
    dialog.showModal();
  }
  const found = spot?.[1] && dialog.querySelector(`[data-block="${CSS.escape(spot[0] ?? "")}"] [data-action="${CSS.escape(spot[1])}"]`);
  dialog.querySelector(".modal-body").scrollTop = scrolled ?? 0;
  if (!focused || !found) (dialog.querySelector(".modal-body :is(input, textarea)") ?? dialog.querySelector(".modal-title")).focus();
  else found.focus();
  return undefined;
}

/** What was typed counts further where block_id and action_id are still there. */
function kept(next) {
  const blocks = new Set(next.blocks.map((block) => block.block_id));
  return Object.fromEntries(Object.entries(ctx?.form.values() ?? {}).filter(([block]) => blocks.has(block)));
}

function hide() {
  view = null;
  ctx = null;
  if (!dialog.open) return;
  dialog.close();
  dialog.replaceChildren();
  (before?.isConnected ? before : document.querySelector(".composer-input"))?.focus();
}

function draw(values) {
  ctx = context({ container: { type: "view", view_id: view.id }, values, submit, changed: (block) => error(block.block_id, null) });
  const submitButton = view.submit ? el("button", { type: "submit", class: "button primary" }, textObject(view.submit)) : null;
  const form = el(
    "form",
    { class: "modal-form", novalidate: true, ...marks(ctx.container), onsubmit: (event) => (event.preventDefault(), submit()) },
    el("div", { class: "modal-head" },
      el("h2", { class: "modal-title", id: "modal-title", tabindex: -1 }, textObject(view.title)),
      el("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => close(true) }, icon("close"))),
    el("div", { class: "modal-body", tabindex: 0, role: "group", "aria-labelledby": "modal-title" }, renderBlocks(view.blocks, ctx)),
    el("p", { class: "trouble modal-trouble", role: "alert", hidden: true }),
    el("div", { class: "modal-foot" },
      el("button", { type: "button", class: "button", onclick: () => close(false) }, view.close ? textObject(view.close) : t(view.submit ? "cancel" : "close")),
      submitButton),
  );
  dialog.replaceChildren(form);
}

const alone = (text) => {
  const node = dialog.querySelector(".modal-trouble");
  if (!node) return;
  node.textContent = text ?? "";
  node.hidden = !text;
};

/** Show or take away the error of one input: beside it, and in what a screen reader says of it. */
function error(blockId, text) {
  const block = dialog.querySelector(`[data-block="${CSS.escape(blockId)}"]`);
  const field = block?.querySelector("input, textarea, [role=group], [role=radiogroup]");
  block?.querySelector(":scope > .field-error")?.remove();
  if (!field) return null;
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.startsWith("error-"));
  field.removeAttribute("aria-invalid");
  if (text) {
    const id = `error-${blockId}`.replace(/\s/g, "_");
    block.append(el("p", { class: "field-error", id }, text));
    field.setAttribute("aria-invalid", "true");
    others.push(id);
  }
  if (others.length) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
  return field;
}

async function submit() {
  const button = dialog.querySelector("[type=submit]");
  const mine = view;
  if (!button || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  alone(null);
  dialog.querySelectorAll(".field-error").forEach((node) => error(node.closest("[data-block]").dataset.block, null));
  try {
    const answer = await fromAnswer(api.submitView(mine.id, ctx.form.values()));
    if (answer.ok) return;
    if (answer.result === "errors") point(answer.errors);
    else alone(answer.text || t("error.code", { code: answer.error }));
  } catch (problem) {
    alone(problem.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function point(errors) {
  const fields = Object.entries(errors).map(([block, text]) => error(block, text) ?? (alone(text), null));
  fields.find(Boolean)?.focus();
}

async function close(all) {
  if (!view) return;
  try {
    await fromAnswer(api.closeView(view.id, all));
  } catch (problem) {
    if (problem.code === "view_not_found") hide();
    else alone(problem.message);
  }
}
