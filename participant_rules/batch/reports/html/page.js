"use strict";
// Filters, sorts and pages the findings. What is shown stands in the address, so that a link keeps it.
// Texts only become text: no markup is made of them.
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("findings");
  if (!table) return;
  const PAGE = 100;
  const data = JSON.parse(byId("data").textContent);
  const body = table.tBodies[0];
  const blank = byId("row").content.firstElementChild;
  const heads = [...table.tHead.querySelectorAll("button")];
  const keys = heads.map((head) => head.dataset.key);
  const links = [...document.querySelectorAll("a[data-code]")];
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const all = Array.from(data.row, (_, at) => at);

  const also = (at) => {
    if (!data.other_row[at]) return "";
    const words = data.also[data.other_file[at] === data.file[at] ? 0 : 1];
    const fields = { row: data.other_row[at], file: data.files[data.other_file[at]] };
    return " " + words.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  };
  const kind = (at) => data.kinds[data.kind[at]]; // where, what, rule, severity
  const cells = {
    file: (at) => data.files[data.file[at]],
    row: (at) => String(data.row[at]),
    where: (at) => kind(at)[0],
    reason: (at) => kind(at)[1] + also(at),
    value: (at) => data.value ? data.value[at] : "",
    repair: (at) => data.repair ? data.repair[at] : "",
    rule: (at) => kind(at)[2],
    severity: (at) => kind(at)[3],
  };

  const made = (at) => {
    const row = blank.cloneNode(true);
    row.className = cells.severity(at);
    keys.forEach((key, column) => {
      const cell = row.cells[column], text = cells[key](at);
      (cell.firstElementChild ?? cell).textContent = text;
      if (key === "rule") cell.firstElementChild.href = `#law-${text}`;
    });
    return row;
  };

  // ---- what is shown, as it stands in the address

  const NOTHING = { rule: "", severity: "", search: "", sort: "", down: "", page: 1 };
  let shown = NOTHING;

  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const texts = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, given.get(name) ?? ""]));
    return { ...texts, page: Math.max(1, parseInt(texts.page, 10) || 1) };
  };
  const address = (changes) => {
    const next = { ...shown, page: 1, ...changes };
    const given = Object.entries(next).filter(([name, value]) => value !== NOTHING[name]);
    return "#" + (given.length ? new URLSearchParams(given) : "all");
  };
  const isAnchor = () => location.hash && !location.hash.includes("=") && location.hash !== "#all";

  // ---- rows

  let texts;
  const textOf = (at) => {
    texts ??= all.map((each) => keys.map((key) => cells[key](each)).join("\n").toLowerCase());
    return texts[at];
  };
  const matching = () => {
    const words = shown.search.toLowerCase().split(/\s+/).filter(Boolean);
    return all.filter((at) =>
      (!shown.rule || cells.rule(at) === shown.rule) &&
      (!shown.severity || cells.severity(at) === shown.severity) &&
      words.every((word) => textOf(at).includes(word)));
  };
  const ordered = (places) => {
    const cell = cells[shown.sort];
    if (!cell) return places;
    const ranks = new Map([...new Set(places.map(cell))].sort(compare).map((text, rank) => [text, rank]));
    const direction = shown.down ? -1 : 1;
    return places.map((at) => [ranks.get(cell(at)), at]).sort((one, other) => direction * (one[0] - other[0])).map((pair) => pair[1]);
  };

  const render = () => {
    const found = ordered(matching());
    const last = Math.max(1, Math.ceil(found.length / PAGE));
    shown.page = Math.min(shown.page, last);
    const start = (shown.page - 1) * PAGE;
    const page = found.slice(start, start + PAGE);
    body.replaceChildren(...page.map(made));
    const count = (number) => number.toLocaleString("en");
    byId("shown").textContent = page.length ? `${count(start + 1)}–${count(start + page.length)} of ${count(found.length)}` : "Nothing matches.";
    byId("previous").disabled = shown.page === 1;
    byId("next").disabled = shown.page === last;
    const clear = byId("clear");
    clear.hidden = !shown.rule;
    clear.textContent = `All rules, not only ${shown.rule}`;
    clear.href = address({ rule: "" });
    const only = [shown.rule && `the rule ${shown.rule}`, shown.severity && `severity ${shown.severity}`, shown.search && `“${shown.search}”`];
    byId("filter").hidden = !only.some(Boolean);
    byId("filter").textContent = `Only ${only.filter(Boolean).join(", ")}.`; // paper says it too
    if (document.activeElement !== byId("search")) byId("search").value = shown.search;
    byId("severity").value = shown.severity;
    for (const link of links) {
      const isChosen = link.dataset.code === shown.rule;
      link.href = address({ rule: isChosen ? "" : link.dataset.code });
      if (isChosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const head of heads) {
      if (head.dataset.key !== shown.sort) head.parentElement.removeAttribute("aria-sort");
      else head.parentElement.setAttribute("aria-sort", shown.down ? "descending" : "ascending");
    }
  };

  const go = (changes) => { location.hash = address(changes); };
  const stay = (changes) => { // as one types there is no step back for each letter
    history.replaceState(null, "", address(changes));
    shown = read();
    render();
  };

  addEventListener("hashchange", () => {
    if (isAnchor()) return; // a law, or a heading: the findings stay as they are
    shown = read();
    render();
  });
  for (const link of links) link.addEventListener("click", () => byId("found").scrollIntoView());
  for (const head of heads) {
    const key = head.dataset.key;
    head.addEventListener("click", () => go({ sort: key, down: key === shown.sort && !shown.down ? "1" : "" }));
    head.disabled = false;
  }
  byId("search").addEventListener("input", (event) => stay({ search: event.target.value }));
  byId("severity").addEventListener("input", (event) => go({ severity: event.target.value }));
  byId("previous").addEventListener("click", () => go({ page: shown.page - 1 }));
  byId("next").addEventListener("click", () => go({ page: shown.page + 1 }));
  addEventListener("beforeprint", () => body.replaceChildren(...ordered(matching()).map(made)));
  addEventListener("afterprint", render);
  for (const controls of document.querySelectorAll(".controls")) controls.hidden = false;
  if (!isAnchor()) shown = read();
  else shown = { ...NOTHING };
  render();
})();
