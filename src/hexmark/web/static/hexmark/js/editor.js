// The editor of a draft: the picture follows name, level and tags while one types, and rows of skills are added and removed
// in place. Without this the form works as it stands: the picture changes when it is saved, which also adds an empty row.
const form = document.querySelector("[data-editor]");
const preview = form.querySelector("[data-preview]");
const pause_milliseconds = 250;
let timer = 0;

function show(address) {
  for (const image of preview.querySelectorAll("img")) image.src = address.startsWith("data:") ? address : `${address}&size=${image.width}`;
}

function draw() {
  const name = form.elements.name.value.trim();
  if (!name || preview.hasAttribute("data-uploaded")) return;
  const query = new URLSearchParams({ name, level: form.elements.level.value, tags: form.elements.tags.value });
  show(`${preview.dataset.preview}?${query}`);
}

for (const name of ["name", "level", "tags"]) {
  form.elements[name].addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(draw, pause_milliseconds);
  });
}

form.elements.picture.addEventListener("change", () => {
  const [file] = form.elements.picture.files;
  preview.toggleAttribute("data-uploaded", Boolean(file));
  if (!file) return draw();
  const reader = new FileReader();
  reader.addEventListener("load", () => show(reader.result));
  reader.readAsDataURL(file);
});

const rows = form.querySelector("[data-formset]");
const add = form.querySelector("[data-add-row]");
const total = form.elements[`${rows.dataset.formset}-TOTAL_FORMS`];

const typed = (row) => [...row.querySelectorAll("input[type=text], input[type=url]")].some((input) => input.value);

function tidy() {
  const shown = [...rows.querySelectorAll("[data-row]")].filter((row) => !row.hidden);
  add.disabled = shown.length >= Number(form.elements[`${rows.dataset.formset}-MAX_NUM_FORMS`].value);
}

for (const row of rows.querySelectorAll("[data-row]")) {
  row.querySelector("[data-delete]").hidden = true;
  if (!typed(row) && !row.querySelector(".errorlist")) row.remove();
}
// Forms are numbered from 0 without gaps; what was removed above was the last one.
total.value = String(rows.children.length);
tidy();

add.addEventListener("click", () => {
  const markup = form.querySelector("[data-row-template]").innerHTML.replaceAll("__prefix__", total.value);
  rows.insertAdjacentHTML("beforeend", markup);
  total.value = String(Number(total.value) + 1);
  rows.lastElementChild.querySelector("input[type=text]").focus();
  tidy();
});

rows.addEventListener("click", (event) => {
  const row = event.target.closest("[data-remove-row]")?.closest("[data-row]");
  if (!row) return;
  // A row stays in the form, ticked as removed and out of sight, so that the numbers keep their order.
  row.querySelector("[data-delete] input").checked = true;
  row.hidden = true;
  add.focus();
  tidy();
});
