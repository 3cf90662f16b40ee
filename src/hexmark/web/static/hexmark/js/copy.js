// Copy buttons of <c-copy-block>. The text can always be selected by hand, so nothing is lost without this.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-button]");
  if (!button) return;
  const block = button.closest("[data-copy]");
  const text = block.querySelector("pre").textContent;
  const status = block.querySelector("[data-copy-status]");
  const word = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(text);
    word.textContent = "Copied";
    status.textContent = "Copied";
  } catch {
    const selection = window.getSelection();
    selection.selectAllChildren(block.querySelector("pre"));
    status.textContent = "Selected. Copy it with your keyboard.";
  }
  window.setTimeout(() => { word.textContent = "Copy"; status.textContent = ""; }, 3000);
});
