// What a page does beyond plain HTML. Every page reads and every form posts without it.
//
// Behaviours hang on data- attributes and on classes of components (docs/design-system.md lists them); all listeners
// stand on the document, so that what htmx brings in later works too. Sentences come from the page, in its language.
"use strict";
(() => {
  const page = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const digits = new Intl.NumberFormat(`${page.lang || "en"}-u-nu-latn`);
  const text = (name) => one("#page-texts")?.dataset[name] ?? "";
  const on = (name, handle) => document.addEventListener(name, handle);

  // Whether keys of one letter work, remembered in this browser; one that remembers nothing has them.
  const keysWork = (wanted) => {
    try {
      if (wanted !== undefined) localStorage.setItem("keys", wanted ? "on" : "off");
      return localStorage.getItem("keys") !== "off";
    } catch {
      return wanted ?? true;
    }
  };

  // A toast says what happened and stays until it is dismissed.
  const toast = (words, kind = "info") => {
    const made = one("#page-toast")?.content.firstElementChild.cloneNode(true);
    const known = all(".toast p").some((told) => told.textContent === words);
    if (!made || !words || known) return;
    made.classList.add(`toast-${kind}`);
    one("p", made).textContent = words;
    one(".toasts").append(made);
  };

  // Dialogs: opened by data-dialog="id", closed by data-close, Escape or a click beside them. The browser gives the
  // focus back to what opened a modal dialog.
  const open = (dialog) => dialog && !dialog.open && dialog.showModal();

  // Rows of a table and goods of a list, inside of data-rows, are walked by keys.
  const body = () => document.activeElement.closest("[data-rows]") ?? one("[data-rows]");
  const row = () => document.activeElement.closest("[data-rows] > :is(tr, li)");
  const walk = (step) => {
    const rows = all(":scope > :is(tr, li):not([hidden])", body());
    const next = rows[row() ? Math.min(Math.max(rows.indexOf(row()) + step, 0), rows.length - 1) : 0];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const chooser = 'tbody input[type="checkbox"][name="row"]';
  const counted = (table) => {
    const boxes = all(chooser, table);
    const chosen = boxes.filter((box) => box.checked);
    const whole = one("[data-select-all]", table);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
    if (whole) {
      whole.checked = boxes.length > 0 && chosen.length === boxes.length;
      whole.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    const bar = one(".bulk-actions", table.closest("form") ?? document);
    if (bar && boxes.length) {
      bar.hidden = chosen.length === 0;
      const count = one("output", bar);
      if (count) count.textContent = digits.format(chosen.length);
    }
  };

  // Files: dragged, chosen or pasted; too large ones are told before they are sent.
  const shown = (input) => {
    const drop = input.closest("[data-file-drop]");
    const limit = Number(input.dataset.limitBytes ?? drop?.dataset.limitBytes ?? Infinity);
    const files = [...input.files];
    const wrong = files.some((file) => file.size > limit) ? (drop?.dataset.tooLarge ?? " ") : "";
    input.setCustomValidity(wrong);
    if (!drop) return;
    drop.classList.toggle("is-wrong", Boolean(wrong));
    const told = one("output", drop);
    if (told) told.textContent = wrong || files.map((file) => `\u2068${file.name}\u2069`).join(", ");
  };
  const take = (input, files) => {
    if (!input || !files.length) return;
    const taken = new DataTransfer();
    [...files].slice(0, input.multiple ? files.length : 1).forEach((file) => taken.items.add(file));
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // A pasted table says how many rows and columns arrived.
  const measured = (area) => {
    const told = one("output", area.closest(".field") ?? area.parentElement);
    const rows = area.value.split(/\r?\n/).filter((line) => line.trim());
    const columns = Math.max(0, ...rows.map((line) => line.split("\t").length));
    const words = (rows.length && told?.dataset.text) || "";
    const counts = { "{rows}": rows.length, "{columns}": columns };
    if (told) told.textContent = words.replace(/{rows}|{columns}/g, (blank) => digits.format(counts[blank]));
  };

  const copy = async (button) => {
    const words = button.dataset.copy || one(button.dataset.copyFrom)?.textContent.trim() || "";
    try {
      await navigator.clipboard.writeText(words);
      toast(text("copied"), "success");
    } catch {
      toast(text("notCopied"), "warning");
    }
  };

  // Keys: none of them while somebody writes, none with Ctrl, Alt or Command.
  const written = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';
  const searches = [
    'main :is([data-search], input[type="search"], .filters input:not([type="hidden"]))',
    '.site-search input[type="search"]',
  ];
  const keys = {
    "?": () => open(one("#keys")),
    "/": () => searches.map((from) => one(from)).find(Boolean)?.focus(), // the page's own, else that of the market
    j: () => body() && walk(1),
    k: () => body() && walk(-1),
    x: () => {
      const box = row() && one('input[type="checkbox"]', row());
      if (box) box.click();
    },
    e: () => one("[data-export]")?.click(),
    m: () => {
      const marking = one(".bulk-actions:not([hidden]) [data-marking]");
      if (!marking) return;
      marking.open = true;
      one("select", marking).focus();
    },
    r: () => one(".bulk-actions:not([hidden]) [data-remind]")?.click(),
    Enter: () => one("a[href]", row())?.click(), // only where the row itself has the focus
  };
  // A Russian or Arabic keyboard has other letters on the same keys.
  const pressed = ({ key, code }) => {
    const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
    if (key === "\u061f") return "?";
    return letter && !/^[!-~]+$/.test(key) ? letter : key;
  };
  on("keydown", (event) => {
    const key = pressed(event);
    const where = event.target instanceof Element ? event.target : document.body;
    if (key === "Escape") {
      const menu = where.closest("details.menu[open]");
      if (menu) {
        menu.open = false;
        one("summary", menu).focus();
      }
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (where.closest(written) || one("dialog[open]")) return;
    if (key === "Enter" ? where !== row() : !keysWork() && key !== "?") return;
    if (!Object.hasOwn(keys, key)) return;
    event.preventDefault();
    keys[key]();
  });

  on("click", (event) => {
    const to = (selector) => event.target.closest?.(selector);
    all("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
    const opener = to("[data-dialog]");
    if (opener && one(`#${CSS.escape(opener.dataset.dialog)}`)) {
      event.preventDefault();
      open(one(`#${CSS.escape(opener.dataset.dialog)}`));
    }
    const closer = to("[data-close]");
    if (closer?.closest("dialog")) closer.closest("dialog").close();
    else closer?.closest(".toast")?.remove();
    if (event.target.matches?.("dialog.dialog")) event.target.close(); // the ground beside it
    if (to("[data-copy], [data-copy-from]")) copy(to("[data-copy], [data-copy-from]"));
    if (to("[data-print]")) window.print();
  });

  on("change", ({ target }) => {
    if (target.matches('input[type="file"]')) shown(target);
    if (target.matches("[data-keys-switch]")) keysWork(target.checked);
    if (target.matches("[data-select-all]")) {
      all(chooser, target.closest("table")).forEach((box) => (box.checked = target.checked));
    }
    if (target.matches('[data-select-all], [name="row"]') && target.closest("table")) counted(target.closest("table"));
  });

  on("input", ({ target }) => {
    if (target.matches("textarea[data-paste]")) measured(target);
    const form = target.closest("form[data-guard]");
    if (form) form.dataset.guard = "changed";
  });
  on("submit", ({ target }) => {
    if (target.matches("form[data-guard]")) target.dataset.guard = "";
  });
  window.addEventListener("beforeunload", (event) => {
    if (one('form[data-guard="changed"]')) event.preventDefault();
  });

  const drop = (event) => (event.target instanceof Element ? event.target.closest("[data-file-drop]") : null);
  for (const name of ["dragenter", "dragover"]) {
    on(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files") || !one("[data-file-drop]")) return;
      event.preventDefault(); // a file dropped beside the field must not replace the page
      drop(event)?.classList.add("is-over");
    });
  }
  on("dragleave", (event) => drop(event)?.contains(event.relatedTarget) || drop(event)?.classList.remove("is-over"));
  on("drop", (event) => {
    if (!event.dataTransfer?.files.length || !one("[data-file-drop]")) return;
    event.preventDefault();
    const where = drop(event);
    where?.classList.remove("is-over");
    if (where) take(one('input[type="file"]', where), event.dataTransfer.files);
  });
  on("paste", ({ clipboardData }) => {
    if (clipboardData.types.includes("text/plain")) return; // cells of Excel bring a picture of themselves along
    take(one('[data-file-drop] input[type="file"]'), clipboardData.files);
  });

  for (const name of ["online", "offline"]) {
    window.addEventListener(name, () => one("#page-offline") && (one("#page-offline").hidden = navigator.onLine));
  }

  // htmx: forms of fragments carry the token of the page; what it brings in is prepared like the page itself.
  on("htmx:configRequest", ({ detail }) => {
    const token = one('input[name="csrfmiddlewaretoken"]')?.value;
    if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
  });
  on("htmx:responseError", () => toast(text("failed"), "error"));
  on("htmx:load", ({ target }) => prepare(target));

  // Inside of data-typed-stays, what is typed while an answer is on its way stays, and is sent after it: the answer
  // knows nothing of it, htmx sends nothing for a field that is gone, and forgets that all of a field was selected.
  let typed = [];
  let selected = null;
  on("htmx:beforeSwap", ({ detail: { target, requestConfig } }) => {
    if (!target.matches("[data-typed-stays]")) return;
    const isSent = ({ name, value }) => requestConfig.formData?.get(name) === value;
    typed = all("input[id]", target).filter((field) => field.value !== field.defaultValue && !isSent(field));
    const here = document.activeElement;
    const isWhole = target.contains(here) && here.selectionStart === 0 && here.selectionEnd === here.value?.length;
    selected = isWhole ? here.id : null;
  });
  const now = ({ id }) => document.getElementById(id);
  on("htmx:afterSwap", () => {
    for (const field of typed) if (now(field)) now(field).value = field.value;
    if (selected) document.getElementById(selected)?.select();
    selected = null;
  });
  on("htmx:afterSettle", () => {
    for (const field of typed.splice(0).map(now).filter(Boolean)) {
      const send = () => field.value !== field.defaultValue && window.htmx.trigger(field, "change");
      if (field === document.activeElement) field.addEventListener("blur", send, { once: true });
      else send();
    }
  });

  // Once for the page and once for each fragment.
  const prepare = (part) => {
    all("[data-keys-switch]", part).forEach((box) => (box.checked = keysWork()));
    [part.closest?.("table"), ...all("table", part)].forEach((table) => table && counted(table));
    all('input[type="file"]', part).forEach((input) => input.files.length && shown(input));
    all(".table-frame", part).forEach((frame) => {
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0; // so that arrow keys scroll it
    });
    one(".error-summary:not([data-quiet] *)", part)?.focus();
  };
  prepare(document);
})();
