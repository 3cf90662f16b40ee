// A table as a grid for the keyboard: one stop for Tab, arrow keys from cell to cell, Enter for the link within.
// Without this it is a table like any other.
for (const frame of document.querySelectorAll("[data-grid]")) {
  const table = frame.querySelector("table");
  const rows = [...table.rows].map((row) => [...row.cells]);
  table.setAttribute("role", "grid");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const cell of rows.flat()) {
    const head = cell.scope === "col" ? "columnheader" : cell.scope === "row" ? "rowheader" : "gridcell";
    cell.setAttribute("role", head);
    cell.tabIndex = -1;
    for (const link of cell.querySelectorAll("a")) link.tabIndex = -1;
  }
  let here = { row: Math.min(1, rows.length - 1), column: 0 };
  if (rows.length) rows[here.row][here.column].tabIndex = 0;

  function go(row, column) {
    const line = rows[Math.max(0, Math.min(rows.length - 1, row))];
    const cell = line[Math.max(0, Math.min(line.length - 1, column))];
    rows[here.row][here.column].tabIndex = -1;
    here = { row: rows.indexOf(line), column: line.indexOf(cell) };
    cell.tabIndex = 0;
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const moves = {
    ArrowUp: () => [here.row - 1, here.column],
    ArrowDown: () => [here.row + 1, here.column],
    ArrowLeft: () => [here.row, here.column - 1],
    ArrowRight: () => [here.row, here.column + 1],
    Home: (event) => [event.ctrlKey ? 0 : here.row, 0],
    End: (event) => [event.ctrlKey ? rows.length - 1 : here.row, Infinity],
    PageUp: () => [here.row - 10, here.column],
    PageDown: () => [here.row + 10, here.column],
  };
  table.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("td, th")) return event.target.querySelector("a")?.click();
    const move = moves[event.key];
    if (!move || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(...move(event));
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th");
    const row = rows.findIndex((line) => line.includes(cell));
    if (row < 0) return;
    rows[here.row][here.column].tabIndex = -1;
    here = { row, column: rows[row].indexOf(cell) };
    cell.tabIndex = 0;
  });
}
