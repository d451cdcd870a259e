// The data map: pointing at a box, or reaching it by the keyboard, lights the flows that run through it.
(() => {
  "use strict";
  const picture = document.querySelector("[data-flow]");
  if (!picture) return;
  const parts = [...picture.querySelectorAll("[data-rows]")].map((element) => ({
    element, rows: new Set(element.dataset.rows.split(" ")),
  }));
  const light = (rows) => {
    picture.classList.toggle("choosing", rows !== null);
    for (const part of parts) {
      part.element.classList.toggle("lit", rows !== null && [...rows].some((row) => part.rows.has(row)));
    }
  };
  const chosen = picture.dataset.lit ? new Set([picture.dataset.lit]) : null;
  const rest = () => light(chosen);
  for (const part of parts) {
    if (part.element.tagName.toLowerCase() === "path") continue;
    part.element.addEventListener("pointerenter", () => light(part.rows));
    part.element.addEventListener("pointerleave", rest);
    part.element.addEventListener("focus", () => light(part.rows));
    part.element.addEventListener("blur", rest);
  }
  rest();
})();
