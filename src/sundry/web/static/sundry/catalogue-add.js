// A good in a minute: one question a screen, kept in this browser until it is at the market.
//
// Each good is a draft in IndexedDB: its key, its stall, who writes it, what is typed, its photos made smaller. The form of the page
// shows one of them. Sending posts the same form with the same key as often as it must, so that a good is added once
// whatever the network does; what waits is sent again when there is a network, and each half minute. Without the script
// the page is one plain form. All sentences come from the page.
"use strict";
(() => {
  const form = document.querySelector("#add-good");
  const isPlain = document.querySelector(".error-summary"); // it came back from a browser whose script did not run
  if (!form || isPlain || !window.indexedDB || !window.fetch) return;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const told = one("#add-status");
  const texts = one("#add-texts").dataset;
  const steps = all("[data-step]", form);
  const [back, next, send, keep] = ["back", "next", "send", "draft"].map((name) => one(`#add-${name}`));
  const camera = one('input[type="file"]', form);
  const most = Number(form.dataset.most);
  const limit = Number(camera.dataset.limitBytes);
  const LONGEST = 1600; // dots of a photo's longer side
  const LIGHT = 1_500_000; // bytes: a smaller photo of that size stays as it is
  const AGAIN = 30_000; // milliseconds
  const ANOTHERS = 30 * 24 * 3_600_000; // milliseconds: so long what somebody else has written here waits for her
  const reader = one("main[data-reader]")?.dataset.reader ?? "";

  // What is typed: all but the token, the key and the stall, which belong to the page and the draft.
  const own = new Set(["csrfmiddlewaretoken", "key", "stall", "kept", "photos", "draft"]);
  const typed = () => [...new FormData(form)].filter(([name, value]) => !own.has(name) && typeof value === "string");
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const empty = (key = newKey()) => ({
    key, reader, stall: form.dataset.stall, state: "writing", step: 0, fields: [], photos: [], problem: "", changed: 0,
  });

  // The store. Each use opens a transaction of its own.
  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const opening = (() => {
    const request = indexedDB.open("sundry-goods", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "key" });
    return asked(request);
  })();
  const store = async (mode) => (await opening).transaction("drafts", mode).objectStore("drafts");
  const written = async (draft) => {
    try {
      await asked((await store("readwrite")).put(draft));
    } catch {
      say(told.dataset.full);
    }
  };
  const gone = async (key) => asked((await store("readwrite")).delete(key));
  const kept = async () =>
    (await asked((await store("readonly")).getAll()))
      .filter((draft) => draft.stall === form.dataset.stall && draft.reader === reader)
      .sort((first, second) => second.changed - first.changed);
  const clear = async () => {
    const drafts = await asked((await store("readonly")).getAll());
    const is = (draft) => draft.reader !== reader && draft.changed < Date.now() - ANOTHERS;
    await Promise.all(drafts.filter(is).map((draft) => gone(draft.key)));
  };
  const holds = (draft) => draft.photos.length > 0 || draft.fields.some(([name, value]) => value && name !== "supply");

  // One line for each thing to say; a link where there is one.
  const say = (words, address = "") => {
    told.replaceChildren();
    if (!words) return;
    const line = document.createElement("p");
    if (address) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = words;
      line.append(link);
    } else line.textContent = words;
    told.append(line);
  };
  const nameOf = (draft) => draft.fields.find(([name]) => name === "name")?.[1] || texts.noName;
  const filled = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);

  let draft = empty(form.elements.key.value);
  let saving = 0;
  const save = async () => {
    draft.fields = typed();
    draft.changed = Date.now();
    if (holds(draft)) await written(draft);
  };
  const saveSoon = () => {
    clearTimeout(saving);
    saving = setTimeout(save, 250);
  };

  // Photos: upright, at most LONGEST, as JPEG; what this browser cannot draw is sent as it came.
  const smaller = async (file) => {
    try {
      const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
      const share = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
      if (share === 1 && file.size < LIGHT) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(drawn.width * share));
      canvas.height = Math.max(1, Math.round(drawn.height * share));
      const pen = canvas.getContext("2d");
      pen.fillStyle = "white";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      return blob && blob.size < file.size ? blob : file;
    } catch {
      return file;
    }
  };
  const picture = async (blob, label) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 224;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    try {
      const drawn = await createImageBitmap(blob, { imageOrientation: "from-image" });
      const side = Math.min(drawn.width, drawn.height);
      const [left, top] = [(drawn.width - side) / 2, (drawn.height - side) / 2];
      canvas.getContext("2d").drawImage(drawn, left, top, side, side, 0, 0, 224, 224);
    } catch {
      // a picture that this browser cannot draw: its frame stands for it
    }
    return canvas;
  };
  const list = one("#add-photos");
  const showPhotos = async () => {
    const shown = draft;
    const rows = await Promise.all(
      shown.photos.map(async (blob, index) => {
        const row = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "icon-button";
        button.textContent = "×";
        button.setAttribute("aria-label", filled(list.dataset.remove, { place: index + 1 }));
        button.addEventListener("click", async () => {
          shown.photos.splice(index, 1);
          await save();
          await showPhotos();
          camera.focus();
        });
        row.append(await picture(blob, filled(list.dataset.label, { place: index + 1 })), button);
        return row;
      }),
    );
    if (shown === draft) list.replaceChildren(...rows);
  };
  const takePhotos = async () => {
    const files = [...camera.files];
    const into = draft;
    const made = await Promise.all(files.map(smaller));
    const fitting = made.filter((file) => file.size <= limit);
    if (fitting.length < made.length) say(texts.tooLarge);
    if (into.photos.length + fitting.length > most) say(texts.tooMany);
    into.photos = [...into.photos, ...fitting].slice(0, most);
    camera.value = ""; // the draft has them now
    camera.setCustomValidity("");
    one("output", camera.closest("[data-file-drop]"))?.replaceChildren();
    await save();
    await showPhotos();
  };

  // One question at a time.
  const show = (step, { focus = true, remember = true } = {}) => {
    draft.step = Math.max(0, Math.min(step, steps.length - 1));
    const last = draft.step === steps.length - 1;
    steps.forEach((section, index) => (section.hidden = index !== draft.step));
    form.classList.toggle("is-last", last);
    back.hidden = draft.step === 0;
    next.hidden = last;
    send.hidden = !last;
    keep.hidden = !last;
    const progress = one("#add-progress");
    progress.hidden = false;
    progress.textContent = filled(form.dataset.stepText, { step: draft.step + 1, steps: steps.length });
    if (remember) history.pushState({ step: draft.step }, "");
    if (focus) {
      const first = one('input:not([type="file"], [type="hidden"]), select', steps[draft.step]);
      (draft.step === 0 || !first ? one("h2", steps[draft.step]) : first).focus();
      form.scrollIntoView({ block: "start" });
    }
    saveSoon();
  };
  const ladder = all("[data-ladder-step]", form);
  const showLadder = (more = 0) => {
    const used = ladder.findLastIndex((row) => all("input", row).some((input) => input.value)) + 1;
    const shown = Math.max(1, used, ladder.filter((row) => !row.hidden && row.dataset.asked).length + more);
    ladder.forEach((row, index) => {
      row.hidden = index >= shown;
      row.dataset.asked = index < shown ? "1" : "";
    });
    one("#add-ladder").hidden = shown >= ladder.length;
    if (more) one("input", ladder[Math.min(shown, ladder.length) - 1]).focus();
  };
  const showSupply = () => {
    const made = one('input[name="supply"]:checked', form)?.value === "made";
    form.elements.stock_pieces.closest(".field").hidden = made;
    form.elements.lead_time_days.closest(".field").hidden = !made;
  };
  const open = async (other, { focus = true } = {}) => {
    draft = other;
    form.reset();
    form.elements.key.value = draft.key;
    for (const [name, value] of draft.fields) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    ladder.forEach((row) => (row.dataset.asked = ""));
    showLadder();
    showSupply();
    clearMistakes();
    await showPhotos();
    show(draft.step, { focus, remember: false });
  };

  // Mistakes that the market found stand at their fields, as the page itself would have put them.
  const clearMistakes = () => {
    all(".field-error.is-told", form).forEach((line) => line.remove());
    all('[aria-invalid="true"]', form).forEach((field) => field.removeAttribute("aria-invalid"));
  };
  const showMistakes = (errors) => {
    clearMistakes();
    const words = [];
    let first = null;
    for (const [name, lines] of Object.entries(errors)) {
      const field = name === "__all__" ? null : form.elements[name];
      const input = field instanceof RadioNodeList ? field[0] : field;
      words.push(...lines);
      if (!input?.closest?.(".field")) continue;
      input.setAttribute("aria-invalid", "true");
      for (const line of lines) {
        const said = document.createElement("p");
        said.className = "field-error is-told";
        said.textContent = line;
        input.closest(".field").append(said);
      }
      first ??= input;
    }
    const step = steps.findIndex((section) => section.contains(first));
    if (step >= 0) show(step, { focus: false });
    showLadder();
    first?.focus();
    return words.join(" ");
  };

  // Sending. "sent", "refused" (with the words), "sign-in", or "again".
  const posted = async (wanted) => {
    const data = new FormData();
    for (const [name, value] of wanted.fields) data.append(name, value);
    data.append("key", wanted.key);
    data.append("stall", wanted.stall);
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (wanted.asDraft) data.append("draft", "1");
    wanted.photos.forEach((blob, index) => {
      const ending = { "image/png": "png", "image/webp": "webp", "image/gif": "gif" }[blob.type] ?? "jpg";
      data.append("photos", blob, `${index + 1}.${ending}`);
    });
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const json = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (answer.ok && json) return { outcome: "sent", ...(await answer.json()) };
      if (answer.status === 422 && json) return { outcome: "refused", ...(await answer.json()) };
      if (answer.redirected || answer.status === 401 || answer.status === 403) return { outcome: "sign-in" };
      if (answer.status === 413) return { outcome: "refused", errors: { photos: [texts.tooLarge] } };
      return { outcome: "again" };
    } catch {
      return { outcome: "again" };
    }
  };
  let busy = false; // something is being sent
  let handing = false;
  const sendOne = async (wanted) => {
    say(filled(told.dataset.sending, { name: nameOf(wanted) }));
    const answer = await posted(wanted);
    if (answer.outcome === "sent") {
      await gone(wanted.key);
      return answer;
    }
    if (answer.outcome === "refused") {
      wanted.state = "writing";
      wanted.problem = Object.values(answer.errors).flat()[0] ?? texts.refused;
      await written(wanted);
    }
    return answer;
  };
  // All that waits, the oldest first; it stops at the first that the network does not take.
  const sendWaiting = async () => {
    if (busy) return;
    busy = true;
    let sent = null;
    let isSignedOut = false;
    try {
      for (const wanted of (await kept()).filter((one) => one.state === "waiting").reverse()) {
        const answer = await sendOne(wanted);
        if (answer.outcome === "sent") sent = { words: filled(told.dataset.sent, { name: nameOf(wanted) }), ...answer };
        isSignedOut = answer.outcome === "sign-in";
        if (answer.outcome === "again" || isSignedOut) break;
      }
      if (sent) say(sent.words, sent.address);
    } finally {
      busy = false;
      await showKept(Boolean(sent));
      if (isSignedOut) say(told.dataset.signIn);
    }
  };
  const hand = async (asDraft) => {
    if (handing) return; // a second click
    handing = true;
    try {
      await handed(asDraft);
    } finally {
      handing = false;
    }
  };
  const handed = async (asDraft) => {
    clearTimeout(saving);
    await save();
    Object.assign(draft, { state: "waiting", asDraft, problem: "", step: 0 });
    await written(draft);
    if (busy) { // another is on its way: this one is sent behind it
      await open(empty());
      await showKept();
      return;
    }
    busy = true;
    const wanted = draft;
    const answer = await sendOne(wanted);
    busy = false;
    if (answer.outcome === "sent") {
      location.assign(answer.address);
    } else if (answer.outcome === "refused") {
      say(texts.refused);
      const words = showMistakes(answer.errors);
      if (words) say(`${texts.refused}: ${words}`);
      await showKept(true);
    } else {
      await open(empty()); // the next good, while this one waits
      await showKept();
      if (answer.outcome === "sign-in") say(told.dataset.signIn);
      else one("p", told)?.append(` ${told.dataset.offline}`);
    }
  };

  // What is kept here.
  const showKept = async (quiet = false) => {
    const others = (await kept()).filter((other) => other.key !== draft.key);
    const waiting = others.filter((other) => other.state === "waiting");
    if (!quiet) say(waiting.length ? filled(told.dataset.waiting, { count: waiting.length }) : "");
    const rows = others.map((other) => {
      const row = one("li", one("#add-row").content).cloneNode(true);
      one("[data-name]", row).textContent = nameOf(other);
      one("[data-problem]", row).textContent = other.problem;
      one("[data-state]", row).textContent = other.state === "waiting" ? texts.waiting : texts.writing;
      all("[data-which]", row).forEach((part) => (part.textContent = ` ${nameOf(other)}`));
      one("[data-go-on]", row).addEventListener("click", async () => {
        if (busy) return;
        await save();
        await open({ ...other, state: "writing" });
        await save();
        await showKept();
      });
      one("[data-throw-away]", row).addEventListener("click", async () => {
        await gone(other.key);
        await showKept();
        one("h1").focus();
      });
      return row;
    });
    one("#add-drafts").replaceChildren(...rows);
    one("#add-kept").hidden = rows.length === 0;
  };

  next.addEventListener("click", () => show(draft.step + 1));
  back.addEventListener("click", () => show(draft.step - 1));
  one("#add-ladder").addEventListener("click", () => showLadder(1));
  camera.addEventListener("change", takePhotos);
  form.addEventListener("input", (event) => {
    if (event.target !== camera) saveSoon();
    if (event.target.name === "supply") showSupply();
  });
  form.addEventListener("keydown", (event) => {
    const plain = event.key === "Enter" && event.target.matches('input:not([type="file"])') && !event.isComposing;
    if (!plain || next.hidden) return;
    event.preventDefault(); // Enter is the next question, as the phone's keyboard has it
    show(draft.step + 1);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hand(event.submitter === keep);
  });
  window.addEventListener("popstate", ({ state }) => state && show(state.step, { remember: false }));
  window.addEventListener("online", sendWaiting);
  setInterval(() => navigator.onLine && sendWaiting(), AGAIN);

  // At first: what she was writing, or a new good.
  const begin = async () => {
    form.classList.add("is-stepped");
    one("h1").tabIndex = -1;
    await clear();
    const unfinished = (await kept()).find((other) => other.state === "writing" && !other.problem);
    history.replaceState({ step: unfinished?.step ?? 0 }, "");
    await open(unfinished ?? draft, { focus: false });
    await showKept();
    if (navigator.onLine) await sendWaiting();
    form.dataset.ready = "1";
  };
  begin().catch(() => form.classList.remove("is-stepped")); // a browser that keeps nothing: the plain form
})();
