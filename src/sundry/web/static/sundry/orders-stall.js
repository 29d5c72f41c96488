// An answer that is not lost with the network. A form with data-once goes by htmx (hx-boost); where nobody hears it, what
// it holds is kept in this browser and sent again when there is a network, each half minute, and on the next page. Its
// key is the same each time, so that the market does it once. It belongs to the person and the organisation for which she
// acts (data-reader of the page): for anybody else on this phone it is not there. Without the script the form is a plain
// one.
"use strict";
(() => {
  const AGAIN = 30_000; // milliseconds
  const STORE = "sundry-unsent";
  const ANOTHERS = 7 * 24 * 3_600_000; // milliseconds: so long what is somebody else's waits for her
  const TRIES = 3; // that a market which is there does not take
  const reader = () => document.querySelector("main[data-reader]")?.dataset.reader ?? "";
  const waiting = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) || {};
    } catch {
      return {};
    }
  };
  const hers = () => Object.entries(waiting()).filter(([, entry]) => entry.reader && entry.reader === reader());
  const keep = (all) => {
    try {
      localStorage.setItem(STORE, JSON.stringify(all));
    } catch {
      // a browser that keeps nothing still has the form before her
    }
  };
  const clear = () => {
    const is = ([, entry]) => entry.reader === reader() || entry.at > Date.now() - ANOTHERS;
    const all = Object.entries(waiting());
    if (!all.every(is)) keep(Object.fromEntries(all.filter(is)));
  };
  const show = () => {
    const count = hers().length;
    const line = document.querySelector("#stall-unsent");
    if (!line) return;
    line.hidden = !count;
    line.textContent = (line.dataset.text || "").replace("{count}", count);
  };

  // What a form holds, without the token, which belongs to the page.
  const held = (form, button) => {
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    if (button?.name) fields.push([button.name, button.value]);
    return fields;
  };
  const nameOf = (address, fields) => `${reader()} ${address} ${fields.find(([name]) => name === "key")?.[1] ?? ""}`;
  const forget = (name) => {
    const all = waiting();
    delete all[name];
    keep(all);
    show();
  };

  let pressed = null;
  document.addEventListener("submit", ({ target, submitter }) => {
    if (target.matches("form[data-once]")) pressed = submitter;
  });
  const formOf = (detail) => (detail.requestConfig?.elt ?? detail.elt).closest?.("form[data-once]");
  const lost = ({ detail }) => {
    const form = formOf(detail);
    if (!form || form.dataset.once === "again" || !reader()) return;
    const fields = held(form, pressed);
    const address = new URL(form.action, location.href).pathname;
    keep({ ...waiting(), [nameOf(address, fields)]: { reader: reader(), at: Date.now(), address, fields } });
    show();
  };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);

  // A page that comes back says that it was heard; a mistake stands on it. Where she has to sign in first, acts in another
  // capacity by now, or the page was too old, it is sent from the next page that is hers, TRIES times at most; a market
  // that is busy is asked again and again.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if ([409, 422].includes(detail.xhr.status)) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
  const isHeard = (xhr) => (xhr.status < 400 || [409, 422].includes(xhr.status)) && !xhr.getResponseHeader("HX-Refresh");
  const isBusy = (xhr) => xhr.status === 429 || xhr.status >= 500;
  const refused = (name) => {
    const all = waiting();
    const tries = (all[name]?.tries ?? 0) + 1;
    if (tries < TRIES && all[name]) keep({ ...all, [name]: { ...all[name], tries } });
    else forget(name);
  };
  document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    const form = formOf(detail);
    if (!form) return;
    const address = new URL(form.action, location.href).pathname;
    if (form.dataset.once === "again") {
      if (isHeard(detail.xhr)) forget(form.dataset.name);
      else if (!isBusy(detail.xhr)) refused(form.dataset.name);
    } else if (isHeard(detail.xhr)) forget(nameOf(address, held(form)));
    else lost({ detail });
  });

  const send = () => {
    clear();
    show();
    const [name, entry] = hers()[0] ?? [];
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
    if (!entry || !navigator.onLine || !token || document.querySelector('form[data-once="again"]')) return;
    const form = document.createElement("form");
    form.method = "post";
    form.action = entry.address;
    form.hidden = true;
    form.dataset.once = "again";
    form.dataset.name = name;
    form.setAttribute("hx-boost", "true");
    for (const [field, value] of [...entry.fields, [token.name, token.value]]) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = field;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    window.htmx?.process(form);
    form.requestSubmit();
  };
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(name, () => document.querySelector('form[data-once="again"]')?.remove());
  }
  window.addEventListener("online", send);
  setInterval(send, AGAIN);
  window.addEventListener("load", send);

  // A conversation that nobody looks at asks for nothing.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "said" && document.hidden) event.preventDefault();
  });
})();
