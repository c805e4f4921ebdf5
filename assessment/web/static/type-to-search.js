// Type to search in a long list. The list itself stays in the page and in the form, out of sight, and holds the
// answer; what is typed only helps to find it. Without JavaScript the list is what people use.
(() => {
  "use strict";

  const PAUSE = 400;

  // Accents fall away, as in the search of the resources.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

  const made = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // Matches at the start of a word come first; otherwise the order of the list stays.
  function matching(options, typed) {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    const found = options.filter((option) => words.every((word) => option.words.includes(word)));
    const starts = (option) => words.every((word) => ` ${option.words}`.includes(` ${word}`));
    return [...found.filter(starts), ...found.filter((option) => !starts(option))];
  }

  function enhance(select) {
    const id = select.id;
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    const options = [...select.options].filter((option) => option.value !== "").map((option, place) => ({
      value: option.value, label: option.label, words: plain(option.label.replaceAll(/[(,;/)-]+/g, " ")), id: `${id}-option-${place}`,
    }));

    label.id ||= `${id}-label`;
    const hint = made("div", { id: `${id}-search-hint`, class: "govuk-hint" });
    hint.textContent = select.dataset.searchHint;
    const box = made("div", { class: "gp-combobox" });
    const input = made("input", {
      id, type: "text", role: "combobox", class: "govuk-input gp-combobox__input", autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-listbox`,
      "aria-describedby": `${id}-search-hint ${select.getAttribute("aria-describedby") ?? ""}`.trim(),
    });
    if (select.classList.contains("govuk-select--error")) input.classList.add("govuk-input--error");
    const list = made("ul", { id: `${id}-listbox`, role: "listbox", class: "gp-combobox__list", "aria-labelledby": label.id });
    list.hidden = true;
    const status = made("div", { role: "status", "aria-live": "polite", class: "govuk-visually-hidden" });

    let shown = [];
    let active = -1;
    let timer = 0;

    const chosen = () => options.find((option) => option.value === select.value);
    const isOpen = () => !list.hidden;

    function say(text) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => { status.textContent = text; }, PAUSE);
    }

    function point(place) {
      list.children[active]?.classList.remove("gp-combobox__option--active");
      active = place;
      const element = list.children[active];
      if (!element) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      element.classList.add("gp-combobox__option--active");
      element.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", element.id);
    }

    function row(option) {
      const element = made("li", {
        id: option.id, role: "option", class: "gp-combobox__option", "aria-selected": String(option.value === select.value),
      });
      element.textContent = option.label;
      return element;
    }

    function open(typed) {
      shown = matching(options, typed);
      list.replaceChildren(...shown.map(row));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      const any = shown.length > 0;
      list.hidden = !any;
      input.setAttribute("aria-expanded", String(any));
      // On a phone the keyboard takes half of the screen: the rows need the other half.
      const room = window.visualViewport?.height ?? window.innerHeight;
      if (any && list.getBoundingClientRect().bottom > room) box.scrollIntoView({ block: "start" });
      status.className = any ? "govuk-visually-hidden" : "gp-combobox__none";
      say(any ? select.dataset.searchMatches.replace("%s", shown.length) : select.dataset.searchNone);
    }

    function close() {
      window.clearTimeout(timer);
      list.hidden = true;
      status.textContent = "";
      status.className = "govuk-visually-hidden";
      input.setAttribute("aria-expanded", "false");
      point(-1);
    }

    function show() {
      input.value = chosen()?.label ?? "";
    }

    // The list of the form tells everybody else, above all what saves while somebody types.
    function choose(value) {
      const changed = select.value !== value;
      select.value = value;
      close();
      show();
      if (!changed) return;
      for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
    }

    // Who leaves the field takes what is sure: the row pointed at, the only match, or nothing for an empty field.
    function settle() {
      const typed = input.value.trim();
      if (typed === (chosen()?.label ?? "")) close();
      else if (typed === "") choose("");
      else {
        const found = matching(options, typed);
        const exact = found.find((option) => option.words === plain(typed)) ?? (found.length === 1 ? found[0] : undefined);
        if (exact) choose(exact.value);
        else {
          close();
          show();
        }
      }
    }

    function openAll() {
      open(input.value === (chosen()?.label ?? "") ? "" : input.value);
      list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    }

    function move(step) {
      if (!isOpen()) {
        openAll();
        const place = shown.findIndex((option) => option.value === select.value);
        point(place >= 0 ? place : step > 0 ? 0 : shown.length - 1);
      } else point((active + step + (active < 0 && step < 0 ? 1 : 0) + shown.length) % shown.length);
    }

    const keys = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => {
        if (active >= 0) choose(shown[active].value);
        else if (shown.length === 1) choose(shown[0].value);
      },
      Escape: () => {
        close();
        show();
      },
    };

    input.addEventListener("keydown", (event) => {
      if (event.key === "Tab" && active >= 0) choose(shown[active].value);
      const act = keys[event.key];
      if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
      // In a closed list Enter sends the form, as in every other field of one line.
      if (event.key === "Enter" && !isOpen()) return;
      event.preventDefault();
      act();
    });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => { if (!isOpen()) openAll(); });
    input.addEventListener("blur", settle);
    input.addEventListener("input", () => open(input.value));
    // Searching is no answer yet: the form hears of the list alone.
    for (const kind of ["input", "change"]) box.addEventListener(kind, (event) => event.stopPropagation());
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const place = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (place >= 0) choose(shown[place].value);
    });
    select.addEventListener("change", () => { if (document.activeElement !== input) show(); });
    // A browser that goes back puts the earlier answer into the list without telling.
    window.addEventListener("pageshow", show);

    select.id = `${id}-values`;
    select.classList.add("govuk-visually-hidden");
    select.setAttribute("aria-hidden", "true");
    select.tabIndex = -1;
    box.append(input, list, status);
    select.before(hint, box);
    show();
  }

  for (const select of document.querySelectorAll("select[data-search-hint]")) {
    // Several lists on a page bring this script several times.
    if (!select.hasAttribute("aria-hidden")) enhance(select);
  }
})();
