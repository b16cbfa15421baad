// The short names that bots use most; an unknown one stays as it was typed, as in Slack.
const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", clock1: "🕐", alarm_clock: "⏰", stopwatch: "⏱️", lock: "🔒",
  unlock: "🔓", key: "🔑", shield: "🛡️", bell: "🔔", no_bell: "🔕", mag: "🔍", eyes: "👀", wave: "👋", tada: "🎉",
  rocket: "🚀", bulb: "💡", memo: "📝", pencil2: "✏️", clipboard: "📋", calendar: "📅", date: "📅", page_facing_up: "📄",
  scroll: "📜", link: "🔗", package: "📦", shopping_trolley: "🛒", moneybag: "💰", credit_card: "💳", office: "🏢",
  house: "🏠", busts_in_silhouette: "👥", bust_in_silhouette: "👤", handshake: "🤝", raised_hand: "✋", thumbsup: "👍",
  "+1": "👍", thumbsdown: "👎", "-1": "👎", pray: "🙏", clap: "👏", point_right: "👉", arrow_right: "➡️", arrow_left: "⬅️",
  arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", leftwards_arrow_with_hook: "↩️",
  information_source: "ℹ️", question: "❓", exclamation: "❗", bangbang: "‼️", red_circle: "🔴", large_yellow_circle: "🟡",
  large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", large_orange_circle: "🟠",
  gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️", construction: "🚧", fire: "🔥", star: "⭐", sparkles: "✨", zap: "⚡",
  robot_face: "🤖", email: "📧", envelope: "✉️", telephone_receiver: "📞", phone: "☎️", computer: "💻", smile: "😄",
  slightly_smiling_face: "🙂", thinking_face: "🤔", heart: "❤️", flag_in: "🇮🇳", "flag-in": "🇮🇳", de: "🇩🇪", "flag-de": "🇩🇪",
  "flag-gb": "🇬🇧", "flag-us": "🇺🇸", us: "🇺🇸", globe_with_meridians: "🌐", chart_with_upwards_trend: "📈", pushpin: "📌",
};

export const emoji = (name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : `:${name}:`);
/** plain_text with emoji on: the short names turn, nothing else does. */
export const withEmoji = (text) => String(text ?? "").replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));
