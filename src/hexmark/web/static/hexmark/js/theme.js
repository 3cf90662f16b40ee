// Loaded without `defer` at the top of the page, so that a chosen theme is there before the first paint.
// The choice stays in this browser only; without one the page follows the system.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  root.classList.add("js");

  function chosen() {
    try { return localStorage.getItem("hexmark-theme"); } catch { return null; }
  }

  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    const now = root.dataset.theme ?? (system.matches ? "dark" : "light");
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.dataset.now = now;
      button.setAttribute("aria-pressed", String(now === "dark"));
    }
  }

  apply(chosen());
  system.addEventListener("change", () => apply(chosen()));
  document.addEventListener("DOMContentLoaded", () => apply(chosen()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    const next = button.dataset.now === "dark" ? "light" : "dark";
    // Choosing what the system shows anyway means: follow the system again.
    const keep = (next === "dark") !== system.matches;
    try { keep ? localStorage.setItem("hexmark-theme", next) : localStorage.removeItem("hexmark-theme"); } catch { /* storage may be off */ }
    apply(keep ? next : null);
  });
})();
