// Slack's confirm dialog: a question above everything else, answered with yes or no.
import { el, uid } from "./dom.js";
import { t } from "./i18n.js";
import { textObject } from "./mrkdwn_dom.js";

/** Ask; resolves to true only for the confirm button. */
export function confirmed(confirm) {
  const title = uid("confirm");
  const text = uid("confirm-text");
  const style = confirm.style === "danger" ? "button danger filled" : "button primary";
  return new Promise((resolve) => {
    const dialog = el(
      "dialog",
      { class: "modal confirm", "aria-modal": "true", "aria-labelledby": title, "aria-describedby": text },
      el("h2", { id: title, class: "modal-title" }, textObject(confirm.title)),
      el("div", { id: text, class: "modal-body" }, el("p", {}, textObject(confirm.text))),
      el(
        "div",
        { class: "modal-foot" },
        el("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, confirm.deny ? textObject(confirm.deny) : t("cancel")),
        el("button", { type: "button", class: style, onclick: () => dialog.close("yes") }, confirm.confirm ? textObject(confirm.confirm) : t("yes")),
      ),
    );
    const before = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
