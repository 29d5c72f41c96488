// The reader of a page and the queue of review, beyond plain HTML: both read and post without it.
//
// A number that has the focus or the pointer lights up wherever its words stand; its card takes the focus when it
// comes; one letter answers for the statement that has the focus. Letters rest while somebody writes, and where the
// switch in the dialog of keys is off (sundry.js keeps it).
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);
  const on = (name, handle) => document.addEventListener(name, handle);

  // Addresses of exports point at characters as RFC 5147 has it: #char=512,516. The page marks them itself.
  const pointed = /^#char=(\d+,\d+)$/.exec(location.hash);
  if (pointed && one(".obs-reader")) location.replace(`?char=${pointed[1]}#char`);

  const markOf = (target) => (target instanceof Element ? target.closest("[data-marks]") : null);
  const twins = (mark) => {
    const keys = mark.dataset.marks.split(" ");
    return all(`[data-marks~="${CSS.escape(keys[keys.length - 1])}"]`);
  };
  // What was chosen stays lit while nothing else is.
  let chosen = null;
  let lit = [];
  const light = (event) => {
    const mark = markOf(event.target) ?? (chosen?.isConnected ? chosen : null);
    lit.forEach((twin) => twin.classList.remove("is-lit"));
    lit = mark ? twins(mark) : [];
    lit.forEach((twin) => twin.classList.add("is-lit"));
  };
  for (const name of ["mouseover", "focusin"]) on(name, light);

  // The other column shows the same words, without moving the page.
  const shown = (mark) => {
    const frame = one(".obs-printed");
    const twin = frame && !frame.contains(mark) && twins(mark).find((other) => frame.contains(other));
    if (!twin) return;
    frame.scrollTop += twin.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  };

  const close = () => {
    one("#card").replaceChildren();
    chosen.focus();
  };
  on("click", (event) => {
    if (chosen?.isConnected && event.target.closest?.("[data-close-card]")) {
      event.preventDefault();
      close();
    }
    const mark = markOf(event.target);
    if (!mark) return;
    chosen = mark;
    shown(mark);
  });
  on("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id !== "card") return;
    one("#card-title")?.focus();
    one(".obs-side")?.scrollTo(0, 0);
  });

  // One letter for each answer.
  const keysWork = () => {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true;
    }
  };
  const items = () => all("[data-statement]");
  const current = () => {
    const here = document.activeElement?.closest("[data-statement]");
    return here ?? (items().length === 1 ? items()[0] : null);
  };
  const step = (by) => {
    const list = all(".obs-queue > [data-statement]");
    const places = list.length ? list : all(".obs-mark[data-marks]:not([tabindex='-1'])").filter(visible);
    const from = list.length ? current() : document.activeElement.closest(".obs-mark") ?? chosen;
    const at = places.indexOf(from);
    const next = places[at < 0 ? 0 : Math.min(Math.max(at + by, 0), places.length - 1)];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const visible = (element) => element.checkVisibility();
  const answer = (letter) => {
    const button = current() && one(`[data-key="${letter}"]`, current());
    if (!button) return false;
    if (button.tagName === "SUMMARY") {
      button.parentElement.open = true;
      one("input:not([type='hidden'])", button.parentElement).focus();
    } else button.click();
    return true;
  };
  const written = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';
  on("keydown", (event) => {
    const where = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && where.closest("#card") && chosen?.isConnected) {
      close();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing || event.repeat) return;
    if (where.closest(written) || one("dialog[open]") || !keysWork()) return;
    // A Russian or Arabic keyboard has other letters on the same keys.
    const letter = /^[a-z]$/.test(event.key) ? event.key : /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
    if (letter === "j" || letter === "k") {
      event.preventDefault();
      step(letter === "j" ? 1 : -1);
    } else if (letter && /^[ripgvnw]$/.test(letter) && answer(letter)) event.preventDefault();
  });

  // After an answer the next of the queue has the focus, or the number whose card stands beside the page, also where a
  // browser only scrolls to it. Where several numbers begin with one mark, all but the first are named just before it,
  // by what cannot have the focus, and a browser that scrolls there takes it away: so it is sent to the mark.
  let target = /^#[qs]-/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
  if (target?.matches("span:empty")) {
    while (target?.matches("span:empty")) target = target.nextElementSibling;
    if (target?.id) location.replace(`#${target.id}`);
  }
  if (target) target.focus();
  if (target && one("#card .obs-card")) chosen = target;
  else if (one(".obs-queue") && location.hash) one(".obs-queue > [data-statement]")?.focus();
})();
