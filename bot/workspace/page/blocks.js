// Blocks of Block Kit, one function each: (block, ctx) -> DOM. What the page does not know is named, not dropped.
import { el, icon, link, safeUrl, uid } from "./dom.js";
import { renderElement } from "./elements.js";
import { Form } from "./form.js";
import { t } from "./i18n.js";
import { markdown } from "./markdown.js";
import { plainText, textObject } from "./mrkdwn_dom.js";
import { richText } from "./rich_text.js";

/**
 * What elements need to know of where they stand.
 * `container`: docs/workspace.md; `values`: earlier state; `submit`, `changed`: for modals.
 */
export function context({ container, values, submit, changed }) {
  const labels = new Map();
  return {
    container, submit, changed, form: new Form(values), labels,
    /** Input blocks keep their value for the submission unless they say dispatch_action. */
    dispatches: (block) => block.type !== "input" || block.dispatch_action === true,
    /** The ARIA names of an element: its input block's label, else what the caller has. */
    names(block, element, fallback) {
      const label = labels.get(block.block_id);
      if (label) return { "aria-labelledby": label.id, "aria-describedby": label.described, "aria-required": label.required };
      return { "aria-label": fallback || (block.text ? plainText(block.text).slice(0, 75) : t("choose")) };
    },
  };
}

const part = (className, ...children) => el("div", { class: className }, ...children);

function section(block, ctx) {
  return part(
    block.accessory ? "section with-accessory" : "section",
    part(
      "section-main",
      block.text ? part("text", textObject(block.text)) : null,
      block.fields ? part("fields", block.fields.map((field) => part("text", textObject(field)))) : null,
    ),
    block.accessory ? part("accessory", block.accessory.type === "image" ? picture(block.accessory) : renderElement(block.accessory, block, ctx)) : null,
  );
}

function input(block, ctx) {
  const id = uid("label");
  const hint = block.hint ? uid("hint") : null;
  const grouped = /radio|checkbox/.test(block.element.type);
  ctx.labels.set(block.block_id, { id, described: hint, required: grouped || block.optional ? null : "true" });
  const element = renderElement(block.element, block, ctx);
  const label = el(grouped ? "span" : "label", { id, class: "label" }, textObject(block.label), block.optional ? el("span", { class: "optional" }, ` ${t("optional")}`) : null);
  const control = element.matches?.("input, textarea") ? element : element.querySelector?.("input:not([type=radio], [type=checkbox]), textarea");
  if (!grouped && control) {
    control.id ||= uid("field");
    label.htmlFor = control.id;
  }
  return part("input-block", label, element, hint ? el("p", { class: "hint", id: hint }, textObject(block.hint)) : null);
}

/** The page asks nothing of other hosts: a picture from elsewhere is its words and a link. */
function picture(image) {
  const url = safeUrl(image.image_url) ?? (/^data:image\/(png|jpeg|gif|webp);base64,/.test(image.image_url ?? "") ? { href: image.image_url, origin: location.origin } : null);
  if (url?.origin === location.origin) return el("img", { src: url.href, alt: image.alt_text, loading: "lazy" });
  return el("span", { class: "picture-words" }, url ? link(url.href, image.alt_text, " ", icon("external")) : image.alt_text);
}

function image(block) {
  return el("figure", { class: "figure" }, block.title ? el("figcaption", {}, textObject(block.title)) : null, picture(block));
}

function contextBlock(block) {
  return part("context", block.elements.map((item) => (item.type === "image" ? picture(item) : part("text", textObject(item)))));
}

const BLOCKS = {
  header: (block) => el("h3", { class: "header" }, textObject(block.text)),
  section,
  context: contextBlock,
  actions: (block, ctx) => part("actions", block.elements.map((element) => renderElement(element, block, ctx))),
  divider: () => el("hr"),
  input,
  image,
  rich_text: (block) => part("text", richText(block)),
  markdown: (block) => part("text", markdown(block.text)),
};

/** A list of blocks as one element. */
export function renderBlocks(blocks, ctx) {
  return part("blocks", (blocks ?? []).map((block) => {
    const render = Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : null;
    return el("div", { class: "block", "data-block": block.block_id }, render ? render(block, ctx) : el("p", { class: "unknown" }, t("unknown-block", { type: block.type })));
  }));
}
