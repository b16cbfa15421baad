// Where a popup goes: under its anchor, above it if there is more room, never outside the window.

const GAP = 4;
const EDGE = 8;

/** Place an open popover by its anchor. `width`: as wide as the anchor at least. */
export function place(popup, anchor, { width = true } = {}) {
  const box = anchor.getBoundingClientRect();
  const style = popup.style;
  if (width) style.width = `${Math.min(Math.max(box.width, 240), innerWidth - 2 * EDGE)}px`;
  const below = innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const up = below < Math.min(popup.scrollHeight, 240) && above > below;
  style.maxHeight = `${Math.max(Math.min(up ? above : below, 360), 80)}px`;
  style.left = `${Math.max(EDGE, Math.min(box.left, innerWidth - popup.offsetWidth - EDGE))}px`;
  style.top = up ? "auto" : `${box.bottom + GAP}px`;
  style.bottom = up ? `${innerHeight - box.top + GAP}px` : "auto";
}
