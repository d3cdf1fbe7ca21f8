"use strict";
(() => {
  const rows = [...document.querySelectorAll(".row")];
  const find = document.getElementById("find");
  const reason = document.getElementById("reason");
  const boxes = [...document.querySelectorAll("input[data-state]")];
  const count = document.getElementById("count");
  const none = document.querySelector(".none");
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase());

  const filter = () => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.state));
    const why = reason ? reason.value : "";
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = states.has(row.dataset.state) && (!why || row.dataset.reason === why)
        && words.every((word) => texts[at].includes(word));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    const said = (number) => number.toLocaleString("en");
    count.textContent = said(shown) + " of " + said(rows.length) + " pieces";
    none.hidden = shown > 0;
  };

  const step = (by) => {
    const visible = rows.filter((row) => !row.hidden);
    const at = visible.indexOf(document.activeElement.closest(".row"));
    const next = visible[at < 0 ? 0 : Math.min(Math.max(at + by, 0), visible.length - 1)];
    if (next) next.focus();
  };

  const clear = () => {
    find.value = "";
    if (reason) reason.value = "";
    for (const box of boxes) box.checked = true;
    filter();
  };

  document.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { clear(); return; }
    if (event.target.matches("input[type=search], select")) return;
    if (event.key === "/") { event.preventDefault(); find.focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
  filter();
})();
