// Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Filters and sorts the tables, folds details, and copies tasks. Without it all of the report is visible.

"use strict";
(() => {
  const table = document.getElementById("credential-table");
  const STEP = Number(table.dataset.rowsAtOnce);
  const form = document.querySelector("#credentials form.filters");
  const status = document.querySelector("[role=status]");
  const more = document.querySelector(".more");
  const headers = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies].map((body) => ({ body, keys: null, text: null }));
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  let order = { column: 0, direction: "descending" };
  let limit = STEP;

  // What a person types and what is compared with it: without case, accents' encodings and doubled spaces.
  const normal = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

  function keyOf(row, column) {
    row.keys ??= [...row.body.rows[0].cells].map((cell) => cell.dataset.sort ?? normal(cell.textContent));
    return row.keys[column];
  }

  // What is not known has an empty key, and comes last in both directions.
  function sort() {
    const sign = order.direction === "descending" ? -1 : 1;
    rows.sort((one, other) => {
      const [a, b] = [keyOf(one, order.column), keyOf(other, order.column)];
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * collator.compare(a, b) || collator.compare(keyOf(other, 0), keyOf(one, 0));
    });
    table.append(...rows.map((row) => row.body));
    headers.forEach((header, column) => {
      if (column === order.column) header.setAttribute("aria-sort", order.direction);
      else header.removeAttribute("aria-sort");
    });
    form.elements.sort.value = `${order.column} ${order.direction}`;
  }

  function matches(row, choices, terms) {
    if (!choices.every((choice) => row.body.dataset[choice.name].split(" ").includes(choice.value))) return false;
    if (!terms.length) return true;
    row.text ??= normal(row.body.textContent);
    return terms.every((term) => row.text.includes(term));
  }

  function filter() {
    const choices = [...form.querySelectorAll("select")].filter((select) => select.name !== "sort" && select.value);
    const terms = normal(form.elements.search.value).split(" ").filter(Boolean);
    let found = 0;
    for (const row of rows) {
      const match = matches(row, choices, terms);
      row.body.hidden = !match;
      row.body.classList.toggle("later", match && found >= limit);
      found += match;
    }
    const shown = Math.min(found, limit);
    const which = found === rows.length ? "" : ` that match, of ${rows.length.toLocaleString("en")}`;
    status.textContent = found
      ? `Showing ${shown.toLocaleString("en")} of ${found.toLocaleString("en")} credentials${which}.`
      : `No credential matches. Change or reset the filters.`;
    more.hidden = found <= limit;
  }

  function setOpen(button, open) {
    const target = document.getElementById(button.getAttribute("aria-controls"));
    button.setAttribute("aria-expanded", String(open));
    target.classList.toggle("open", open);
  }

  const isOpen = (button) => button.getAttribute("aria-expanded") === "true";

  function sortBy(column) {
    const first = headers[column].dataset.first;
    const opposite = order.direction === "ascending" ? "descending" : "ascending";
    order = { column, direction: order.column === column ? opposite : first };
    limit = STEP;
    sort();
    filter();
  }

  function addSortButtons() {
    headers.forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = header.textContent;
      button.addEventListener("click", () => sortBy(column));
      header.replaceChildren(button);
      for (const direction of ["ascending", "descending"]) {
        const option = new Option(`${button.textContent}, ${direction}`, `${column} ${direction}`);
        form.elements.sort.append(option);
      }
    });
  }

  function unfoldAll(open) {
    rows.forEach((row) => setOpen(row.body.querySelector(".fold"), open));
    form.elements.unfold.setAttribute("aria-pressed", String(open));
    form.elements.unfold.textContent = open ? "Hide all details" : "Show all details";
  }

  function showRule(rule) {
    form.reset();
    form.elements.rule.value = rule;
    limit = STEP;
    filter();
    document.getElementById("credentials").scrollIntoView();
    form.elements.search.focus({ preventScroll: true });
  }

  // A page that was opened as a file may have no access to the clipboard. The text is selected then, for a key to copy.
  async function copy(button) {
    const text = button.closest(".snippet").querySelector("code");
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
  }

  function filterRules(control) {
    for (const row of document.querySelectorAll("#rule-table tbody tr")) {
      row.hidden = control !== "" && !row.dataset.control.split(" ").includes(control);
    }
  }

  function listenToRules() {
    const rules = document.getElementById("rule-filter");
    if (!rules) return;
    rules.reset();
    rules.hidden = false;
    rules.addEventListener("submit", (event) => event.preventDefault());
    rules.addEventListener("input", (event) => filterRules(event.target.value));
  }

  function onClick(event) {
    const button = event.target.closest("button");
    if (button?.classList.contains("copy")) copy(button);
    else if (button?.classList.contains("fold")) setOpen(button, !isOpen(button));
    else if (button?.dataset.showRule) showRule(button.dataset.showRule);
    else if (button || event.target.closest("summary") || !getSelection().isCollapsed) return;
    else {
      const fold = event.target.closest("tr.main")?.querySelector(".fold");
      if (fold) setOpen(fold, !isOpen(fold));
    }
  }

  function listen() {
    document.addEventListener("click", onClick);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      limit = STEP;
      if (event.target.name === "sort") {
        const [column, direction] = event.target.value.split(" ");
        order = { column: Number(column), direction };
        sort();
      }
      filter();
    });
    form.addEventListener("reset", () => setTimeout(() => {
      limit = STEP;
      order = { column: 0, direction: "descending" };
      sort();
      filter();
    }));
    form.elements.unfold.addEventListener("click", (event) => unfoldAll(event.target.getAttribute("aria-pressed") !== "true"));
    more.addEventListener("click", (event) => {
      limit = event.target.name === "all" ? Infinity : limit + STEP;
      filter();
    });
  }

  // On paper are all rows that match.
  function listenToPrinting() {
    let before = limit;
    addEventListener("beforeprint", () => {
      before = limit;
      limit = Infinity;
      filter();
    });
    addEventListener("afterprint", () => {
      limit = before;
      filter();
    });
  }

  addSortButtons();
  listen();
  listenToPrinting();
  listenToRules();
  // A browser may keep what was chosen before a page was loaded again.
  form.reset();
  form.hidden = status.hidden = false;
  form.elements.sort.value = "0 descending";
  filter();
})();
