"use strict";
// Filters, sorts and pages the table, which is complete without this. Rows only move: no text becomes markup.
(() => {
  const table = document.getElementById("findings");
  if (!table) return;
  const PAGE = 100;
  const byId = (id) => document.getElementById(id);
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const bars = [...document.querySelectorAll(".chart button")];
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const all = Array.from(body.rows, (row) => {
    const cells = Array.from(row.cells, (cell) => cell.textContent);
    return { row, cells, code: row.dataset.code, severity: row.className, text: cells.join("\n").toLowerCase() };
  });
  const chosen = { code: "", column: -1, direction: 1, page: 0 };

  const matching = () => {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const severity = byId("severity").value;
    return all.filter((each) =>
      (!chosen.code || each.code === chosen.code) &&
      (!severity || each.severity === severity) &&
      words.every((word) => each.text.includes(word)));
  };

  const ordered = (rows) => chosen.column < 0 ? rows : rows.sort((one, other) =>
    chosen.direction * compare(one.cells[chosen.column], other.cells[chosen.column]));

  const render = () => {
    const rows = ordered(matching());
    const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
    chosen.page = Math.min(chosen.page, last);
    const start = chosen.page * PAGE;
    const page = rows.slice(start, start + PAGE);
    body.replaceChildren(...page.map((each) => each.row));
    byId("shown").textContent = page.length ? `${start + 1}–${start + page.length} of ${rows.length}` : "Nothing matches.";
    byId("previous").disabled = chosen.page === 0;
    byId("next").disabled = chosen.page === last;
    byId("clear").hidden = !chosen.code;
    byId("clear").textContent = `All rules, not only ${chosen.code}`;
    for (const bar of bars) bar.setAttribute("aria-pressed", String(bar.dataset.code === chosen.code));
    heads.forEach((head, column) => {
      if (column !== chosen.column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", chosen.direction > 0 ? "ascending" : "descending");
    });
  };

  const change = (changes) => {
    Object.assign(chosen, { page: 0 }, changes);
    render();
  };

  for (const bar of bars) {
    bar.addEventListener("click", () => change({ code: bar.dataset.code === chosen.code ? "" : bar.dataset.code }));
  }
  heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () =>
    change({ column, direction: column === chosen.column ? -chosen.direction : 1 })));
  byId("search").addEventListener("input", () => change({}));
  byId("severity").addEventListener("input", () => change({}));
  byId("clear").addEventListener("click", () => change({ code: "" }));
  byId("previous").addEventListener("click", () => change({ page: chosen.page - 1 }));
  byId("next").addEventListener("click", () => change({ page: chosen.page + 1 }));
  for (const button of document.querySelectorAll("button[data-code], th button")) button.disabled = false;
  for (const controls of document.querySelectorAll(".controls")) controls.hidden = false;
  byId("search").value = byId("severity").value = ""; // a browser that reloads fills in what was there
  render();
})();
