// Instants in the member's language and time zone, by the workspace's clock (which the controls move forward).
import { state } from "./state.js";
import { t } from "./i18n.js";

export const now = () => Date.now() + state.clockAhead * 1000;

// Making a formatter costs a hundred times what using one does, and every message needs several.
const formatters = new Map();

function formatted(millis, options) {
  const key = state.locale + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(state.locale, options));
  return formatters.get(key).format(millis);
}

const DAY = 86_400_000;
const dayKey = (millis) => formatted(millis, { year: "numeric", month: "2-digit", day: "2-digit" });
export const sameDay = (a, b) => dayKey(a) === dayKey(b);

function relative(millis) {
  for (const [key, offset] of [["today", 0], ["yesterday", -DAY], ["tomorrow", DAY]])
    if (sameDay(millis, now() + offset)) return t(`day.${key}`);
  return null;
}

/** The words between two days of a conversation: today, yesterday, or the date. */
export const daySeparator = (millis) => capital(relative(millis)) ?? formatted(millis, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const time = (millis) => formatted(millis, { hour: "numeric", minute: "2-digit" });
export const full = (millis) => formatted(millis, { dateStyle: "full", timeStyle: "medium" });
export const millisOf = (ts) => Number(ts) * 1000;

const capital = (text) => text && text[0].toLocaleUpperCase(state.locale) + text.slice(1);

const DATES = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_long_full: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** One token of Slack's date format; the ones named pretty say today, yesterday or tomorrow. */
function dateToken(name, millis) {
  if (name === "ago") return ago(millis);
  const pretty = name.endsWith("_pretty");
  const base = name.replace(/_pretty$/, "").replace("day_divider", "date_long");
  if (!Object.hasOwn(DATES, base)) return null;
  return (pretty && relative(millis)) || formatted(millis, DATES[base]);
}

/** The text of <!date^seconds^format|fallback>; what cannot be read is the fallback. */
export function slackDate({ ts, format, fallback }) {
  if (!Number.isFinite(ts) || Math.abs(ts) > 8.64e12) return fallback;
  let known = true;
  const text = format.replace(/\{([a-z_]+)\}/g, (_, name) => dateToken(name, ts * 1000) ?? ((known = false), ""));
  return known && text ? text : fallback;
}

function ago(millis) {
  const seconds = Math.round((millis - now()) / 1000);
  const words = new Intl.RelativeTimeFormat(state.locale, { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]])
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return words.format(seconds, "second");
}
