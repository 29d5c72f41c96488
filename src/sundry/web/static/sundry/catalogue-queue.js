// One key an answer in the operator's queue: "a" presses the row's data-key="a", "r" goes to the field of its reason.
// j, k, x, Enter and when keys sleep: sundry.js. After an answer the first row is ready for the next key.
"use strict";
(() => {
  const written = 'input:not([type="checkbox"]), textarea, select';
  const works = () => {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true;
    }
  };
  document.addEventListener("keydown", (event) => {
    const letter = /^Key([AR])$/.exec(event.code)?.[1].toLowerCase();
    const where = document.activeElement;
    if (!letter || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (where.closest(written) || document.querySelector("dialog[open]") || !works()) return;
    const wanted = where.closest(".queue > li")?.querySelector(`[data-key="${letter}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (letter === "a") wanted.click();
    else wanted.focus();
  });
  document.querySelector(".queue > li")?.focus({ preventScroll: true });
})();
