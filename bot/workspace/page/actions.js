// A press, from the element to the app and back: confirm if asked for, pending until answered, and the error beside it if not.
import * as api from "./api.js";
import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

const keyOf = (container) => [container.type, container.channel ?? "", container.ts ?? container.view_id ?? ""].join("/");
export const marks = (container) => ({ "data-container": keyOf(container) });

/** Send what was pressed or chosen. `value` is the element's own part of the payload. Resolves to whether the app answered. */
export async function dispatch(ctx, block, element, node, value = {}) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  const body = {
    container: ctx.container,
    block_id: block.block_id,
    action_id: element.action_id,
    state: ctx.form.values(),
    ...(element.confirm ? { confirmed: true } : {}),
    ...value,
  };
  node.setAttribute("aria-busy", "true");
  trouble(ctx.container, block.block_id, null);
  try {
    const answer = await api.act(body);
    if (!answer.ok) trouble(ctx.container, block.block_id, answer.text || t("error.code", { code: answer.error }));
    return answer.ok;
  } catch (error) {
    trouble(ctx.container, block.block_id, error.message);
    return false;
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** Show (or, with null, take away) an error beside a block. Says whether there was such a block to show it at. */
export function trouble(container, blockId, text) {
  const root = document.querySelector(`[data-container="${CSS.escape(keyOf(container))}"]`);
  const block = root?.querySelector(`[data-block="${CSS.escape(blockId ?? "")}"]`) ?? (text ? root?.querySelector("[data-block]") : null);
  if (!block) return false;
  block.querySelector(":scope > .trouble")?.remove();
  if (text) block.append(el("p", { class: "trouble", role: "alert" }, text));
  return true;
}
