// The text of a policy: line numbers, findings at their lines, and a text that is not lost.
(() => {
  "use strict";
  const form = document.getElementById("policy-text");
  const area = document.getElementById("source");
  const gutter = form?.querySelector(".gutter");
  if (!form || !area || !gutter) return;
  const refused = form.dataset.unsaved === "yes";
  const saved = refused ? null : area.value;
  const kept = form.dataset.kept;
  const place = form.querySelector("[data-place]");

  // Line numbers, with the tone of the worst finding of the line.
  const weight = { bad: 3, warn: 2, info: 1 };
  const number = () => {
    const tones = {};
    for (const one of document.querySelectorAll("#findings .finding[data-line]")) {
      const { line, tone } = one.dataset;
      if ((weight[tone] || 0) > (weight[tones[line]] || 0)) tones[line] = tone;
    }
    const count = area.value.split("\n").length;
    const lines = document.createDocumentFragment();
    for (let line = 1; line <= count; line += 1) {
      const span = document.createElement("span");
      span.textContent = `${line}\n`;
      if (tones[line]) span.className = tones[line];
      lines.append(span);
    }
    gutter.replaceChildren(lines);
    gutter.scrollTop = area.scrollTop;
  };
  const goTo = (line) => {
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = area.value.indexOf("\n", before);
    area.focus();
    area.setSelectionRange(before, end < 0 ? area.value.length : end);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 6) * height);
    area.scrollLeft = 0;
    gutter.scrollTop = area.scrollTop;
  };
  const where = () => {
    const before = area.value.slice(0, area.selectionStart).split("\n");
    place.textContent = `${before.length}:${before.at(-1).length + 1}`;
  };

  // What is not saved stays in this browser.
  const read = () => { try { return JSON.parse(localStorage.getItem(kept) || "null"); } catch { return null; } };
  const keep = () => {
    if (area.value === saved) localStorage.removeItem(kept);
    else localStorage.setItem(kept, JSON.stringify({ text: area.value, at: new Date().toISOString() }));
  };
  const found = read();
  const notice = document.getElementById("kept");
  if (refused) keep();
  else if (found && found.text !== area.value) {
    notice.hidden = false;
    notice.querySelector("[data-kept-at]").textContent = `(${new Date(found.at).toLocaleString(document.documentElement.lang)})`;
  } else if (found) localStorage.removeItem(kept);
  notice.querySelector("[data-restore]").addEventListener("click", () => {
    area.value = found.text;
    notice.hidden = true;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
  notice.querySelector("[data-forget]").addEventListener("click", () => { localStorage.removeItem(kept); notice.hidden = true; });

  let sending = false;
  area.addEventListener("input", () => { number(); if (notice.hidden) keep(); });
  area.addEventListener("scroll", () => { gutter.scrollTop = area.scrollTop; });
  document.addEventListener("selectionchange", () => { if (document.activeElement === area) where(); });
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => { if (!sending && area.value !== saved) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); form.requestSubmit(); }
  });
  document.addEventListener("click", (event) => {
    const line = event.target.closest("button[data-line]")?.dataset.line;
    if (line) goTo(Number(line));
  });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "findings") number(); });
  form.querySelector("[data-load]")?.addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    area.value = await file.text();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number();
  const asked = /^#L(\d+)$/.exec(location.hash);
  if (asked) goTo(Number(asked[1]));
})();
