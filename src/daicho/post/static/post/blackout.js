// Rectangles over a page image: drawn, moved and removed by mouse, finger or keyboard, then painted by the server.
(() => {
  "use strict";
  const root = document.querySelector("[data-black-out]");
  if (!root) return;
  const tool = JSON.parse(document.getElementById("black-out-tool").textContent);
  const find = (name) => root.querySelector(`[data-${name}]`);
  const svg = root.querySelector("svg"), canvas = root.querySelector(".post-canvas");
  const layer = find("boxes"), hintLayer = find("hints"), list = find("list"), saveButton = find("save-button");
  const LEAST = 8;
  const words = find("hint-words");
  let boxes = [], hints = [], drag = null, done = false, looked = null;

  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), tool.words[name]);
  const reason = () => root.querySelector("input[name=reason]:checked").value;
  const inside = (box) => {
    box.width = clamp(box.width, LEAST, tool.width);
    box.height = clamp(box.height, LEAST, tool.height);
    box.x = clamp(box.x, 0, tool.width - box.width);
    box.y = clamp(box.y, 0, tool.height - box.height);
    return box;
  };
  const place = (rect, box) => { for (const side of ["x", "y", "width", "height"]) rect.setAttribute(side, Math.round(box[side])); };
  const rectFor = (box) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    place(rect, box);
    return rect;
  };
  const covered = (hint) => boxes.some((box) => box.x <= hint.x + 3 && box.y <= hint.y + 3 && box.x + box.width >= hint.x + hint.width - 3 && box.y + box.height >= hint.y + hint.height - 3);

  const draw = (focus) => {
    layer.replaceChildren();
    list.replaceChildren();
    boxes.forEach((box, index) => {
      const name = say("box", { n: index + 1, reason: tool.reasons[box.reason] });
      const rect = rectFor(box);
      rect.setAttribute("tabindex", "0");
      rect.setAttribute("role", "img");
      rect.setAttribute("aria-label", name);
      rect.dataset.index = index;
      layer.append(rect);
      const item = document.createElement("li");
      const select = document.createElement("select");
      select.setAttribute("aria-label", name);
      for (const [code, words] of Object.entries(tool.reasons)) select.add(new Option(words, code, false, code === box.reason));
      select.addEventListener("change", () => { box.reason = select.value; draw(); });
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain small end";
      button.textContent = say("remove");
      button.setAttribute("aria-label", `${say("remove")}: ${name}`);
      button.addEventListener("click", () => { boxes.splice(index, 1); draw(); });
      item.append(`${index + 1}.`, select, button);
      list.append(item);
    });
    if (!boxes.length) { const none = document.createElement("li"); none.className = "muted"; none.textContent = say("none"); list.append(none); }
    saveButton.disabled = !boxes.length;
    drawHints();
    if (focus !== undefined) layer.children[focus]?.focus();
  };
  const drawHints = () => {
    const left = hints.filter((hint) => !covered(hint));
    hintLayer.replaceChildren(...left.map(rectFor));
    find("take").hidden = !left.length;
    if (!looked) return;
    const said = [hints.length ? left.length ? say("found", { n: left.length }) : say("taken") : say("nothing")];
    if (!looked.read_text) said.push(say("codes_only"));
    words.textContent = said.join(" ");
  };

  // Pointer: an empty place draws, a box moves.
  const point = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || canvas.classList.contains("scrolling")) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    const at = point(event), index = event.target.dataset?.index;
    if (index === undefined) {
      boxes.push({ x: at.x, y: at.y, width: 1, height: 1, reason: reason() });
      drag = { index: boxes.length - 1, from: at, made: true };
    } else {
      const box = boxes[index];
      drag = { index: Number(index), from: at, x: box.x, y: box.y };
    }
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const at = point(event), box = boxes[drag.index];
    if (drag.made) {
      const x = clamp(at.x, 0, tool.width), y = clamp(at.y, 0, tool.height);
      Object.assign(box, { x: Math.min(x, drag.from.x), y: Math.min(y, drag.from.y), width: Math.abs(x - drag.from.x), height: Math.abs(y - drag.from.y) });
      if (!layer.children[drag.index]) layer.append(rectFor(box));
    } else {
      Object.assign(box, { x: drag.x + at.x - drag.from.x, y: drag.y + at.y - drag.from.y });
      inside(box);
    }
    place(layer.children[drag.index], box);
  });
  const release = () => {
    if (!drag) return;
    const { index, made } = drag, box = boxes[index];
    drag = null;
    if (made && (box.width < LEAST || box.height < LEAST)) { boxes.splice(index, 1); draw(); return; }
    inside(box);
    draw(index);
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);

  // Keyboard.
  svg.addEventListener("keydown", (event) => {
    const index = Number(event.target.dataset?.index);
    const box = boxes[index];
    if (!box) return;
    const step = Math.max(2, Math.round(tool.width / 200));
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key === "Delete" || event.key === "Backspace") { boxes.splice(index, 1); draw(Math.max(0, index - 1)); event.preventDefault(); return; }
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    if (event.shiftKey) { box.width += way[0]; box.height += way[1]; } else { box.x += way[0]; box.y += way[1]; }
    inside(box);
    draw(index);
  });
  find("add").addEventListener("click", () => {
    const seen = canvas.getBoundingClientRect();
    const middle = point({ clientX: seen.left + seen.width / 2, clientY: seen.top + seen.height / 2 });
    const width = tool.width / 4, height = tool.width / 16;
    boxes.push(inside({ x: middle.x - width / 2, y: middle.y - height / 2, width, height, reason: reason() }));
    draw(boxes.length - 1);
  });
  const toggle = (name, mark) => find(name).addEventListener("click", (event) => {
    event.currentTarget.setAttribute("aria-pressed", String(canvas.classList.toggle(mark)));
  });
  toggle("zoom", "large");
  toggle("scroll", "scrolling");

  // What may be forgotten.
  words.textContent = say("looking");
  fetch(root.dataset.look, { headers: { Accept: "application/json" } })
    .then((answer) => { if (!answer.ok) throw new Error(); return answer.json(); })
    .then((answer) => {
      looked = answer;
      hints = answer.found;
      drawHints();
    })
    .catch(() => { words.textContent = ""; });
  find("take").addEventListener("click", () => {
    for (const hint of hints.filter((one) => !covered(one))) boxes.push(inside({ ...hint }));
    draw();
  });

  // Saving: asks first, and asks again when a code can still be read.
  const save = async (leave) => {
    saveButton.disabled = true;
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const plain = boxes.map(({ x, y, width, height, reason: why }) => ({ x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height), reason: why }));
    let answer, said = {};
    try {
      answer = await fetch(root.dataset.save, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" }, body: JSON.stringify({ boxes: plain, version: tool.version, leave }) });
      said = await answer.json();
    } catch { said = { error: say("failed") }; }
    if (said.next) { done = true; window.location.assign(said.next); return; }
    saveButton.disabled = false;
    if (said.left) {
      hints = [...hints.filter((hint) => hint.reason !== "qr_code"), ...said.left.map((box) => ({ ...box, reason: "qr_code" }))];
      drawHints();
      if (window.confirm(say("left", { n: said.left.length }))) await save(true);
      return;
    }
    find("error").textContent = said.error || say("failed");
    find("error").hidden = false;
  };
  saveButton.addEventListener("click", () => { if (window.confirm(say("confirm"))) save(false); });
  window.addEventListener("beforeunload", (event) => { if (boxes.length && !done) event.preventDefault(); });
  draw();
})();
