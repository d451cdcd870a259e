// Small things every page shares. Pages work without them.
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

  // Light, dark, as the machine.
  const themes = ["auto", "light", "dark"];
  $("[data-theme-toggle]")?.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme;
    const next = themes[(themes.indexOf(now) + 1) % themes.length];
    document.documentElement.dataset.theme = next;
    localStorage.setItem("daicho-theme", next);
  });

  // The navigation of a narrow screen, and dialogs.
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) {
      const open = document.getElementById(toggle.dataset.toggle).toggleAttribute("data-open");
      toggle.setAttribute("aria-expanded", String(open));
    }
    const opener = event.target.closest("[data-open]");
    if (opener && opener.tagName === "BUTTON") document.getElementById(opener.dataset.open)?.showModal();
    const copier = event.target.closest("[data-copy]");
    if (copier) {
      const field = document.getElementById(copier.dataset.copy);
      field.select();
      navigator.clipboard?.writeText(field.value).then(() => { copier.textContent = copier.dataset.copied; }, () => {});
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.tagName === "DIALOG") event.target.close();
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // What cannot be undone asks first; a form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const ticked = form.querySelectorAll("input[name=number]:checked").length;  // a question may say of how many rows
    const question = (event.submitter?.dataset.confirm || form.dataset.confirm)?.replace("{n}", ticked);
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    const stays = form.hasAttribute("data-again") || event.submitter?.formTarget === "_blank"; // the page does not change
    if (form.method === "post" && !form.hasAttribute("hx-post") && !stays) {
      setTimeout(() => { for (const button of $$("button", form)) button.disabled = true; form.setAttribute("aria-busy", "true"); });
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of $$("form[aria-busy]")) { form.removeAttribute("aria-busy"); for (const button of $$("button", form)) button.disabled = false; }
  });

  // A change of a filter applies it.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form) form.requestSubmit();
    const all = event.target.closest("[data-check-all]");
    if (all) for (const box of $$(`input[name="${all.dataset.checkAll}"]`)) box.checked = all.checked;
  });

  // The keyboard: Ctrl+K, / , j k Enter, g + letter.
  let waiting = "";
  const rows = () => $$("table.data tbody tr, .rows > li").filter((row) => $("a[href]", row));
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("here"));
    const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    for (const row of all) row.classList.remove("here");
    next.classList.add("here");
    $("a[href]", next).focus();
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      $("#palette")?.showModal();
      $("#palette input")?.select();
      return;
    }
    if ($("#palette")?.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const found = $$("#palette-found a");
      const at = found.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (found[at] || $("#palette input")).focus();
      return;
    }
    if ($("#palette")?.open && event.key === "Enter" && event.target.matches("#palette input")) {
      event.preventDefault();
      $("#palette-found a")?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    if (waiting === "g") { waiting = ""; $(`[data-key="g ${event.key}"]`)?.click(); return; }
    if (event.key === "g") { waiting = "g"; setTimeout(() => { waiting = ""; }, 1200); }
    if (event.key === "/") { const filter = $("input[type=search]", $("main")); if (filter) { event.preventDefault(); filter.select(); } }
    if (event.key === "?") { event.preventDefault(); $("#keys")?.showModal(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  // What was told is seen and read out: at the part of the page that the address names, else on top.
  const tell = () => {
    const told = $("main > .messages");
    const wrong = $("main > .summary");
    const part = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (let one = part; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    const into = told && part && $("main").contains(part) ? part.closest("section, form, aside, article, details, li, div") : null;
    if (into && into.parentElement.closest("main")) {
      const head = $(":scope > :is(summary, h2, h3)", into);
      if (head) head.after(told); else into.prepend(told);
    }
    const first = wrong || (told && (part || $(".error", told)) ? told : null);
    if (!first) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    if (part || wrong) (into || first).scrollIntoView({ block: "start" });
  };
  window.addEventListener("load", tell);

  // Files dropped on a form's field.
  for (const zone of $$("[data-drop]")) {
    const input = $("input[type=file]", zone);
    const say = () => { const name = $("[data-drop-name]", zone); if (name) name.textContent = [...input.files].map((file) => file.name).join(", "); };
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); input.files = event.dataTransfer.files; say(); });
    input.addEventListener("change", say);
  }
})();
