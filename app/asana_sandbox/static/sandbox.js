// Everything here works without this script. With it, pages change in place as Asana's do: panes appear without a
// page load, names save when they are left, and Enter saves a name.

const shell = () => document.getElementById("shell");
const isOwn = (url) => url.origin === location.origin && !url.pathname.startsWith("/-/");

// A refusal is one sentence of plain text; anything else is a page.
async function ask(url, options) {
  const response = await fetch(url, options);
  if (response.headers.get("Content-Type")?.startsWith("text/plain")) throw new Error(await response.text());
  return response;
}

async function show(response, focusOn) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("shell");
  if (!fresh) return location.assign(response.url);
  const scrolled = document.querySelector(".sidebar")?.scrollTop ?? 0;
  document.title = page.title;
  shell().replaceWith(fresh);
  if (response.url !== location.href) history.pushState({}, "", response.url);
  arrange();
  document.querySelector(".sidebar").scrollTop = scrolled;
  if (focusOn) document.querySelector(focusOn)?.focus();
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const label = document.activeElement?.getAttribute("aria-label");
  const response = await ask(form.action, { method: "POST", body });
  await show(response, form.matches(".inline-add") ? `[aria-label="${CSS.escape(label ?? "")}"]` : null);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (!isOwn(url) || link.target || !shell()?.contains(link)) return;
  event.preventDefault();
  await show(await ask(url));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!shell()?.contains(form)) return;
  event.preventDefault();
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) return;
  send(form, event.submitter);
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-single-line]")) {
    event.preventDefault();
    event.target.blur();
  }
});

window.addEventListener("popstate", async () => show(await ask(location.href)));

function arrange() {
  if (window.matchMedia("(max-width: 60rem)").matches) document.querySelector(".menu")?.removeAttribute("open");
}

function follow(scheme) {
  for (const name of ["darkmode", "DesignTokenThemeSelectors-theme--darkMode"]) {
    document.body.classList.toggle(name, scheme.matches);
  }
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", follow);
follow(dark);
document.documentElement.classList.add("has-script");
window.addEventListener("unhandledrejection", (event) => window.alert(event.reason.message));
arrange();
