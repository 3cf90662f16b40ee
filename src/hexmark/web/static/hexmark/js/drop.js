// Lets a file be dropped anywhere on <c-file-drop>. The file input inside works by itself.
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", name === "dragenter" || name === "dragover");
    if (name !== "drop") return;
    const input = zone.querySelector("input[type=file]");
    const files = new DataTransfer();
    for (const file of input.multiple ? event.dataTransfer.files : [...event.dataTransfer.files].slice(0, 1)) files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}
