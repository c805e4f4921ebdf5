// The totals of the what-if panel follow its ticks. Without this script the button "Update totals" does the same.
(() => {
  "use strict";

  const PAUSE = 150;

  function enhance(form) {
    const failed = form.querySelector("[data-failed]");
    const update = form.querySelector("[data-without-script]");
    let waiting = 0;
    let asked = 0;

    async function refresh() {
      const mine = ++asked;
      const address = new URL(form.dataset.whatIf, window.location.href);
      for (const box of form.querySelectorAll("input[name=measure]:checked")) address.searchParams.append("measure", box.value);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const figures = await answer.json();
        // An answer that was overtaken by a later tick says nothing any more.
        if (mine !== asked) return;
        for (const place of form.querySelectorAll("[data-figure]")) place.textContent = figures[place.dataset.figure] ?? "";
        failed.hidden = true;
        update.hidden = true;
      } catch {
        failed.hidden = false;
        update.hidden = false;
      }
    }

    form.addEventListener("change", (event) => {
      if (event.target.name !== "measure") return;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(refresh, PAUSE);
    });
    update.hidden = true;
  }

  document.querySelectorAll("form[data-what-if]").forEach(enhance);
})();
