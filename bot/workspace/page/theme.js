// Light or dark: as the system says, or as chosen here.
const KEY = "upgrade-desk.theme";

export const theme = () => localStorage.getItem(KEY) ?? "auto";

export function applyTheme() {
  if (theme() === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme();
}

export function setTheme(value) {
  localStorage.setItem(KEY, value);
  applyTheme();
}
