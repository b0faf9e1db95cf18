// data-shortcut="n": that key focuses an input and clicks anything else; "n /" are two keys. The page's own go before
// those around it, and what can be pressed before what can be filled in. None fires while something is typed, with a
// modifier or by holding the key; <body data-shortcuts="off"> turns all of them off.
const TYPED_IN = "input:not([type=checkbox], [type=radio]), textarea, select, [role=combobox], [role=searchbox], [role=textbox]";
const WITH_OWN_KEYS = "task-picker, dialog, details[data-menu][open], [role=listbox], [role=menu]";
const WITH_OWN_ARROWS = "[data-tree-keys] .tree__item, [data-week-grid], [type=radio], [role=grid], [role=tablist], [role=tree]";

export const areOff = () => document.body.dataset.shortcuts === "off";

export function actedOnBy(key) {
  const all = [...document.querySelectorAll(`[data-shortcut~="${CSS.escape(key)}"]`)].filter(isReady);
  const main = document.getElementById("main");
  const own = all.filter((one) => main?.contains(one));
  return own.find((one) => !one.matches(TYPED_IN)) ?? own[0] ?? all[0];
}

// A menu need not be open for what is in it.
const isReady = (one) => !one.disabled && (one.checkVisibility() || one.matches("[data-menu] *"));

// What is meant on any layout: `/` and `?` may need Shift or AltGr, and where the letters are not Latin ones, the key at
// the place of `n` is `n`.
function keyOf({ key, code, shiftKey }, isAltGr) {
  const isLetter = /^\p{L}$/u.test(key);
  if (isAltGr && isLetter) return null;
  if (!isLetter) return key.length > 1 && shiftKey ? null : key;
  if (shiftKey) return null;
  return (/^[a-z]$/i.test(key) ? key : (/^Key([A-Z])$/.exec(code)?.[1] ?? key)).toLowerCase();
}

function isTaken({ target, key }) {
  if (target.isContentEditable || document.querySelector("dialog[open]")) return true;
  if (target.closest?.(`${TYPED_IN}, ${WITH_OWN_KEYS}`)) return true;
  return key.startsWith("Arrow") && (target.closest?.(WITH_OWN_ARROWS) || canScrollSideways(target));
}

function canScrollSideways(element) {
  if (visualViewport.scale > 1) return true;
  for (let one = element; one; one = one.parentElement) {
    const scrolls = one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX);
    if (scrolls && one.scrollWidth > one.clientWidth) return true;
  }
  return false;
}

function press(element) {
  if (element.matches(TYPED_IN)) element.focus();
  // What has just been asked for is not asked for again. That the page around it refreshes itself is no hindrance.
  else if (![element, element.closest("form")].some((one) => one?.matches(".htmx-request"))) element.click();
}

addEventListener("keydown", (event) => {
  // A browser that fills in a field tells of a key that has no name.
  if (!(event instanceof KeyboardEvent)) return;
  const isAltGr = event.getModifierState("AltGraph");
  const isChord = event.metaKey || (!isAltGr && (event.ctrlKey || event.altKey));
  if (event.defaultPrevented || event.isComposing || event.repeat || isChord || areOff() || isTaken(event)) return;
  const key = keyOf(event, isAltGr);
  const element = key && actedOnBy(key);
  if (!element) return;
  event.preventDefault();
  press(element);
});

// Screen readers tell of the keys only where they work.
function tell() {
  if (areOff()) return;
  for (const one of document.querySelectorAll("[data-shortcut]")) one.setAttribute("aria-keyshortcuts", one.dataset.shortcut);
}

tell();
document.addEventListener("htmx:after:swap", tell);

// [data-escape]: Escape in its form clicks it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) event.target.closest("form")?.querySelector("[data-escape]")?.click();
});
