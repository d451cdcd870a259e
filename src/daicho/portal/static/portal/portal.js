// A slow upload is sent once: the button says so and waits.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) {
      button.disabled = true;
      button.textContent = form.dataset.busy;
    }
  });
}
