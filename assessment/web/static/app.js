// What JavaScript adds to pages that work without it: saving while somebody types, answers that rule each other out,
// the reason for "does not apply" where it is wanted, printing. Nothing is kept anywhere but in the open page.
(() => {
  "use strict";

  const REST = 2000;
  const AFTER_FIELD = 300;
  const RETRIES = [2000, 5000, 15000, 30000];
  const NOT_APPLICABLE = "not-applicable";

  // ---- Autosave

  // On the clock of whoever types: the server may stand in another zone.
  function clock() {
    return new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  }

  function startAutosave(form) {
    const status = form.querySelector("[data-autosave-status]");
    // A button of the form is named "action", so form.action would be that button.
    const address = form.getAttribute("action") || window.location.href;
    let timer = 0;
    let changed = false;
    let unsent = null;
    let sending = null;
    let failures = 0;
    let leaving = false;

    function say(text, state) {
      if (status.textContent !== text) status.textContent = text;
      status.dataset.state = state;
    }

    function later(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(send, wait);
    }

    function noteChange(wait) {
      changed = true;
      say(form.dataset.notSaved, "open");
      if (unsent === null) later(wait);
    }

    // After a lost reply nobody knows whether it was saved, so exactly the same is sent again under the same key.
    function contentToSend() {
      if (unsent === null) {
        unsent = new URLSearchParams(new FormData(form));
        unsent.set("autosave", "1");
        changed = false;
      }
      return unsent;
    }

    function send() {
      if (sending === null && (changed || unsent !== null)) {
        sending = attempt(contentToSend()).finally(() => { sending = null; });
      }
      return sending ?? Promise.resolve();
    }

    async function attempt(body) {
      let answer;
      try {
        answer = await fetch(address, {
          method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
        });
      } catch {
        tryAgain();
        return;
      }
      if (answer.status >= 500 || answer.status === 429) {
        tryAgain();
        return;
      }
      failures = 0;
      unsent = null;
      const reply = await answer.json().catch(() => ({}));
      if (answer.ok) takeOver(reply);
      else refused(answer.status, reply);
    }

    function tryAgain() {
      say(form.dataset.failed, "failed");
      later(RETRIES[Math.min(failures, RETRIES.length - 1)]);
      failures += 1;
    }

    function takeOver(reply) {
      for (const [question, revision] of Object.entries(reply.revisions ?? {})) {
        const field = form.elements.namedItem(`${question}.revision`);
        if (field) field.value = revision;
      }
      if (reply.key) form.elements.namedItem("idempotency_key").value = reply.key;
      if (changed) later(REST);
      else say(form.dataset.saved.replace("%s", clock()), "saved");
    }

    // Half-typed (422) is no reason to nag: the button says what is wrong. It stays unsaved until it changes.
    function refused(code, reply) {
      changed = true;
      if (code === 409 && reply.conflict_url) say(form.dataset.conflict ?? form.dataset.failed, "failed");
      else if (reply.signed_out) say(form.dataset.signedOut ?? form.dataset.failed, "failed");
      else say(form.dataset.notSaved, "open");
    }

    form.addEventListener("input", () => noteChange(REST));
    form.addEventListener("change", () => noteChange(AFTER_FIELD));

    // An autosave under way settles first: otherwise the page would meet its own older revision.
    form.addEventListener("submit", (event) => {
      window.clearTimeout(timer);
      if (sending === null) {
        leaving = true;
        return;
      }
      event.preventDefault();
      const submitter = event.submitter;
      sending.then(() => {
        window.clearTimeout(timer);
        leaving = true;
        form.requestSubmit(submitter);
      });
    });

    window.addEventListener("beforeunload", (event) => {
      if (!leaving && (changed || unsent !== null)) event.preventDefault();
    });
    window.addEventListener("pageshow", () => { leaving = false; });

    // A link of this page waits for what was just typed, so that going back loses nothing and asks nothing.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      if (!link || !plain || link.hash && link.pathname === window.location.pathname) return;
      if (event.defaultPrevented || !(changed || unsent !== null) || failures > 0) return;
      event.preventDefault();
      window.clearTimeout(timer);
      send().then(() => window.location.assign(link.href));
    });
  }

  // ---- Answers that rule each other out

  const named = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const questionOf = (control) => control.name.split(".")[0];
  const isMarker = (control) => control.name.endsWith(".marker");

  function valuesOf(form, question) {
    const prefix = CSS.escape(question);
    const controls = form.querySelectorAll(`[name="${prefix}"], [name^="${prefix}."]`);
    const beside = [".marker", ".unit", ".reading", ".basis", ".reason", ".note", ".revision", ".keep"];
    return [...controls].filter((control) => !beside.some((end) => control.name.endsWith(end)));
  }

  const clear = (control) => {
    if (control.type === "checkbox" || control.type === "radio") control.checked = false;
    else control.value = "";
  };

  function ruleOut(form) {
    // What "I do not know" pushed aside comes back when the tick is taken away.
    const aside = new Map();

    function markerChanged(marker) {
      const question = questionOf(marker);
      const values = valuesOf(form, question);
      if (!marker.checked) {
        for (const [control, kept] of aside.get(question) ?? []) Object.assign(control, kept);
        aside.delete(question);
        return;
      }
      for (const other of named(form, marker.name)) if (other !== marker) other.checked = false;
      if (!aside.has(question)) aside.set(question, values.map((control) => [control, { value: control.value, checked: control.checked }]));
      values.forEach(clear);
    }

    function valueChanged(control) {
      const question = questionOf(control);
      const filled = control.type === "checkbox" ? control.checked : control.value.trim() !== "";
      if (!filled || control.type === "radio") return;
      for (const marker of named(form, `${question}.marker`)) marker.checked = false;
      aside.delete(question);
      if (control.type !== "checkbox") return;
      const alone = "exclusive" in control.dataset;
      for (const other of named(form, control.name)) {
        if (other !== control && (alone || "exclusive" in other.dataset)) other.checked = false;
      }
    }

    form.addEventListener("input", (event) => {
      const control = event.target;
      if (!control.name) return;
      if (isMarker(control)) markerChanged(control);
      else if (valuesOf(form, questionOf(control)).includes(control)) valueChanged(control);
      showReason(form, questionOf(control));
    });
  }

  // ---- The reason for "does not apply" shows where that is the answer

  function showReason(form, question) {
    const reason = form.querySelector(`[data-reason-of="${CSS.escape(question)}"]`);
    if (!reason) return;
    const ticked = form.querySelector(`[name="${CSS.escape(question)}"][value="${NOT_APPLICABLE}"]:checked, `
      + `[name="${CSS.escape(question)}.marker"][value="${NOT_APPLICABLE}"]:checked`);
    const list = form.querySelector(`select[name="${CSS.escape(question)}"]`);
    reason.hidden = !ticked && list?.value !== NOT_APPLICABLE;
    if (!reason.hidden && reason instanceof HTMLDetailsElement) reason.open = true;
  }

  // ---- The list of errors

  function startErrorSummary(summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!target) return;
      event.preventDefault();
      const folded = target.closest("details");
      if (folded) folded.open = true;
      const place = target.closest("fieldset")?.querySelector("legend") ?? target.labels?.[0] ?? target;
      place.scrollIntoView();
      target.focus({ preventScroll: true });
    });
  }

  // ---- A button that takes a while says that it works, and works once

  function startBusy(form) {
    const button = form.querySelector("button[type=submit]");
    const idle = button.textContent;
    const told = form.querySelector("[data-busy-told]");
    let busy = false;

    function show(now) {
      busy = now;
      button.textContent = now ? form.dataset.busy : idle;
      button.setAttribute("aria-disabled", String(now));
      told.textContent = now ? form.dataset.busy : "";
    }

    form.addEventListener("submit", (event) => {
      if (busy) event.preventDefault();
      else show(true);
    });
    // Whoever comes back to the page by the browser's button may press again.
    window.addEventListener("pageshow", () => { if (busy) show(false); });
  }

  document.querySelectorAll("form[data-busy]").forEach(startBusy);
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    ruleOut(form);
    startAutosave(form);
    for (const reason of form.querySelectorAll("[data-reason-of]")) showReason(form, reason.dataset.reasonOf);
  }
  const summary = document.querySelector(".govuk-error-summary");
  if (summary) startErrorSummary(summary);
  if (window.matchMedia("(min-width: 48.0625em)").matches) {
    for (const filters of document.querySelectorAll("details.gp-filters")) filters.open = true;
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
