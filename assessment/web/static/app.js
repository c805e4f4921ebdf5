// What JavaScript adds to pages that work without it: saving while somebody types, and boxes that rule each other out.
// No text is kept anywhere but in the open page.
(() => {
  "use strict";

  const REST = 2000;
  const RETRIES = [2000, 5000, 15000, 30000];

  function startAutosave(form) {
    const status = form.querySelector("[data-autosave-status]");
    let timer = 0;
    let changed = false;
    let sending = false;
    let attempt = 0;
    let leaving = false;

    const say = (text) => { status.textContent = text; };

    function later(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(send, wait);
    }

    function noteChange() {
      changed = true;
      say(form.dataset.notSaved);
      later(REST);
    }

    async function send() {
      if (sending || !changed || leaving) return;
      sending = true;
      changed = false;
      const data = new FormData(form);
      data.set("autosave", "1");
      let answer = null;
      try {
        answer = await fetch(form.action, {
          method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" }, credentials: "same-origin",
        });
      } catch {
        answer = null;
      }
      sending = false;
      if (answer && answer.ok) {
        attempt = 0;
        await take(await answer.json());
        if (changed) later(REST);
      } else if (answer && answer.status === 409) {
        say(form.dataset.conflict);
      } else if (answer && answer.status === 422) {
        // Half-typed: nothing to nag about before "Continue" is pressed.
        say(form.dataset.notSaved);
      } else {
        changed = true;
        say(form.dataset.failed);
        later(RETRIES[Math.min(attempt, RETRIES.length - 1)]);
        attempt += 1;
      }
    }

    function take(reply) {
      for (const [question, revision] of Object.entries(reply.revisions)) {
        const field = form.elements.namedItem(`${question}.revision`);
        if (field) field.value = revision;
      }
      form.elements.namedItem("idempotency_key").value = reply.key;
      if (!changed) say(form.dataset.saved.replace("%s", reply.saved_at));
    }

    form.addEventListener("input", noteChange);
    form.addEventListener("change", () => { noteChange(); later(0); });
    form.addEventListener("submit", () => { leaving = true; window.clearTimeout(timer); });
    window.addEventListener("beforeunload", (event) => {
      if (!leaving && (changed || sending)) event.preventDefault();
    });
    // Coming back by the back button shows the page as it was left: save again from here.
    window.addEventListener("pageshow", () => { leaving = false; });
  }

  function ruleOut(form) {
    form.addEventListener("change", (event) => {
      const box = event.target;
      if (box.type !== "checkbox" || !box.checked) return;
      const group = [...form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(box.name)}"]`)];
      const alone = "exclusive" in box.dataset || box.name.endsWith(".marker");
      for (const other of group) {
        if (other !== box && (alone || "exclusive" in other.dataset)) other.checked = false;
      }
    });
  }

  document.querySelectorAll("form[data-autosave]").forEach((form) => { startAutosave(form); ruleOut(form); });
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
