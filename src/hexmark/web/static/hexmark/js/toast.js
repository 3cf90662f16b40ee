// Toasts leave after twelve seconds in which nobody pointed at them or focused them (WCAG 2.2.1); warnings stay until dismissed.
const shown_milliseconds = 12_000;

function watch(toast) {
  if (toast.hasAttribute("data-stay")) return;
  let timer = 0;
  const start = () => { window.clearTimeout(timer); timer = window.setTimeout(() => toast.remove(), shown_milliseconds); };
  const pause = () => window.clearTimeout(timer);
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("pointerleave", () => { if (!toast.contains(document.activeElement)) start(); });
  toast.addEventListener("focusin", pause);
  toast.addEventListener("focusout", start);
  start();
}

function adopt(root) {
  for (const toast of root.querySelectorAll(".toasts-page [data-toast]:not([data-watched])")) {
    toast.setAttribute("data-watched", "");
    watch(toast);
  }
}

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove());
document.addEventListener("htmx:load", () => adopt(document));
adopt(document);
