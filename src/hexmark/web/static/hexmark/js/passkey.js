// Joins the buttons of a page to the sign-in library's handling of passkeys, and says in words when the browser refuses.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const notice of document.querySelectorAll("[data-passkey-trouble]")) {
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  }
});

document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const { passkey, button, credential, passwordless, source } = place.dataset;
    const kind = { addForm: "add", authenticateForm: "authenticate", loginForm: "login" }[passkey];
    window.allauth.webauthn.forms[passkey]({ ids: { [kind]: button, credential, passwordless, data: source } });
  }
});
