/* Joins allauth's passkey scripts to the one form on the page. Without them the form
   stays hidden, and a code from the app does. */
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !window.webauthnJSON?.supported()) return;
  const ids = { credential: "credential", data: "passkey-options" };
  const forms = window.allauth.webauthn.forms;
  const by = {
    login: () => forms.loginForm({ ids: { ...ids, login: "passkey" } }),
    authenticate: () => forms.authenticateForm({ ids: { ...ids, authenticate: "passkey" } }),
    add: () => forms.addForm({ ids: { ...ids, add: "passkey", passwordless: "passwordless" } }),
  };
  by[form.dataset.passkey]();
  form.hidden = false;
  form.querySelector("#passkey").disabled = false;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    form.querySelector("[data-passkey-error]").hidden = false;
  });
})();
