// Asks the browser for a passkey, or to make one, and sends the answer with the form of the page.
(() => {
  "use strict";

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function read(form) {
    const options = JSON.parse(form.dataset.options);
    const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
    options.challenge = bytes(options.challenge);
    options.allowCredentials = named(options.allowCredentials);
    options.excludeCredentials = named(options.excludeCredentials);
    if (options.user) options.user.id = bytes(options.user.id);
    return options;
  }

  function said(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {},
    });
  }

  async function ask(form) {
    const status = form.querySelector("[data-passkey-status]");
    try {
      const publicKey = read(form);
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.passkey.value = said(credential);
      form.submit();
    } catch {
      status.textContent = form.dataset.failed;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.querySelector("[data-passkey-again]").addEventListener("click", () => { ask(form); });
    ask(form);
  }
})();
