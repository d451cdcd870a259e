// The policy as fields: a finding goes to its field, what is not saved is asked about.
(() => {
  "use strict";
  const form = () => document.getElementById("fields");
  if (!form()) return;
  let changed = form().dataset.unsaved === "yes";
  let sending = false;

  // The field named in the address, or the nearest one around it that there is.
  const goTo = (anchor) => {
    let name = anchor;
    let found = null;
    while (name.includes("-") && !(found = document.getElementById(name))) name = name.slice(0, name.lastIndexOf("-"));
    if (!found) return;
    for (let one = found; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    found.scrollIntoView({ block: "center" });
    const field = found.querySelector("input:not([type=hidden]), textarea, select") || found.querySelector("button");
    field?.focus({ preventScroll: true });
    for (const old of document.querySelectorAll(".pointed")) old.classList.remove("pointed");
    found.classList.add("pointed");
  };
  const fromAddress = () => { if (location.hash.startsWith("#f-")) goTo(location.hash.slice(1)); };
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("load", fromAddress);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#f-']");
    if (link) { event.preventDefault(); history.replaceState(null, "", link.hash); goTo(link.hash.slice(1)); }
  });

  // Rows that are open stay open when the server lays the form out anew.
  let open = [];
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.target?.id === "fields") open = [...document.querySelectorAll("#fields details[open]")].map((one) => one.id); });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "fields") return;
    changed = true;
    document.body.dispatchEvent(new Event("rows"));
    for (const id of open) { const one = document.getElementById(id); if (one) one.open = true; }
    const act = event.detail.requestConfig?.parameters?.act || event.detail.requestConfig?.parameters?.get?.("act") || "";
    const [verb, path] = String(act).split(":");
    if (verb === "add") {
      const rows = document.querySelectorAll(`#${CSS.escape(`f-${path.replaceAll(".", "-")}`)} > .row > details`);
      const last = rows[rows.length - 1];
      if (last) goTo(last.id);
    } else if (path) goTo(`f-${path.replaceAll(".", "-")}`);
  });

  document.addEventListener("input", (event) => { if (event.target.closest("#fields")) changed = true; });
  document.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => { if (changed && !sending) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form().requestSubmit(form().querySelector("button[value=save]"));
    }
  });
})();
