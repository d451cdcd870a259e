// A text with line numbers: <div class="editor" data-editor><textarea class="code">…</textarea></div>.
// Anything with data-line="12" (and data-column) jumps there; lines listed in a [data-marks] element are marked.
(() => {
  "use strict";
  for (const editor of document.querySelectorAll("[data-editor]")) {
    const text = editor.querySelector("textarea");
    const lines = document.createElement("div");
    lines.className = "editor-lines";
    lines.setAttribute("aria-hidden", "true");
    editor.prepend(lines);
    let wrong = new Set();
    let advised = new Set();
    let drawn = "";

    const draw = () => {
      const count = text.value.split("\n").length;
      const wanted = `${count}|${[...wrong]}|${[...advised]}`;
      if (wanted === drawn) return;
      drawn = wanted;
      const rows = [];
      for (let number = 1; number <= count; number += 1) {
        const row = document.createElement("span");
        row.textContent = String(number);
        if (wrong.has(number)) row.className = "wrong";
        else if (advised.has(number)) row.className = "advised";
        rows.push(row);
      }
      lines.replaceChildren(...rows);
    };
    const follow = () => { lines.scrollTop = text.scrollTop; };
    const mark = () => {
      const marks = document.querySelector("[data-marks]");
      const read = (name) => new Set((marks?.dataset[name] || "").split(" ").filter(Boolean).map(Number));
      wrong = read("wrong");
      advised = read("advised");
      draw();
    };
    const jump = (line, column) => {
      const rows = text.value.split("\n");
      const at = Math.max(0, Math.min(rows.length, line) - 1);
      const start = rows.slice(0, at).reduce((sum, row) => sum + row.length + 1, 0);
      const from = start + Math.max(0, Math.min(rows[at].length, (column || 1) - 1));
      text.focus();
      text.setSelectionRange(from, start + rows[at].length);
      text.scrollTop = Math.max(0, (at - 4) * parseFloat(getComputedStyle(text).lineHeight));
      text.scrollIntoView({ block: "nearest" });
    };

    text.addEventListener("input", draw);
    text.addEventListener("scroll", follow);
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey) return;
      const before = text.value.slice(0, text.selectionStart);
      const indent = /^[ ]*/.exec(before.slice(before.lastIndexOf("\n") + 1))[0];
      if (!indent) return;
      event.preventDefault();
      text.setRangeText(`\n${indent}`, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-line]");
      if (!link) return;
      event.preventDefault();
      jump(Number(link.dataset.line), Number(link.dataset.column));
    });
    document.addEventListener("htmx:afterSwap", mark);
    let unsaved = false;
    text.addEventListener("input", () => { unsaved = true; });
    text.form?.addEventListener("submit", () => { unsaved = false; });
    window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
    mark();
    draw();
  }
})();
