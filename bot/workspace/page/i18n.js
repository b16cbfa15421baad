// The page's own words. texts.json holds every key in both languages; a test compares them and their placeholders.
import { state } from "./state.js";

let texts = {};

export async function loadTexts() {
  texts = await (await fetch("/page/texts.json")).json();
}

export const language = (locale = state.locale) => (locale.startsWith("de") ? "de" : "en");

/** The sentence of `key` in the member's language, with {placeholders} filled. */
export function t(key, values = {}) {
  const sentence = texts[key]?.[language()] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** As t, by number: `key.one` or `key.other`. */
export const tn = (key, n) => t(`${key}.${new Intl.PluralRules(state.locale).select(n) === "one" ? "one" : "other"}`, { n });

/** What the server gives in both languages. */
export const local = (pair) => (typeof pair === "string" ? pair : (pair?.[language()] ?? ""));
