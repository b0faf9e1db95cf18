// <tags-field value="Meeting, On site" [autosaves] [managed="/tags"]>: the text field in it becomes chips, and a box that
// suggests tags. The field itself, hidden then, is what the form sends: all chips, and what is typed and no chip yet.
// `autosaves` fires `change` at each chip more or less. `managed` leads to the page of tags.
import Combobox from "../vendor/combobox-nav-3.0.2/combobox-nav.js";
import { say } from "./announce.js";
import { Asking } from "./asking.js";

const words = (text) => text.split(",").map((name) => name.trim().replace(/\s+/g, " "));
const same = (one, other) => one.toLocaleLowerCase() === other.toLocaleLowerCase();

class TagsField extends HTMLElement {
  static observedAttributes = ["value"];

  // A morph connects an element before it fills it.
  connectedCallback() {
    queueMicrotask(() => this.isConnected && !this.combobox && this.setUp());
  }

  // A refresh of the page brings what was saved elsewhere; what is not saved yet here goes before.
  attributeChangedCallback() {
    if (this.combobox && !this.isUnsaved) this.adopt();
  }

  setUp() {
    this.sent = this.querySelector("[name=tags]");
    this.names = words(this.getAttribute("value")).filter(Boolean);
    this.build();
    this.combobox = new Combobox(this.input, this.list, { tabInsertsSuggestions: true });
    // Without suggestions it is a field like any other: nobody need be told that they are late.
    this.asking = new Asking(() => {});
    this.listen();
    this.draw();
  }

  // Copies take the place of the field: htmx gives the one that it brought its own attributes again a moment later.
  build() {
    const field = this.sent;
    this.input = field.cloneNode();
    for (const name of ["name", "value"]) this.input.removeAttribute(name);
    this.sent = field.cloneNode();
    for (const name of ["id", "data-focus"]) this.sent.removeAttribute(name);
    // Not of the type `hidden`, which forgets what it was filled with.
    this.sent.hidden = true;
    field.replaceWith(this.sent);
    this.chips = make("ul", { className: "tags-field__chips", role: "list", ariaLabel: "Chosen tags" });
    this.list = make("ul", { className: "tags-field__options", id: `${field.id}_options`, role: "listbox", ariaLabel: "Tags" });
    this.panel = make("div", { className: "tags-field__panel", hidden: true }, this.list);
    const href = this.getAttribute("managed");
    if (href) this.panel.append(make("a", { className: "tags-field__manage", href, textContent: "Manage tags" }));
    this.append(this.chips, this.input, this.panel);
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.addEventListener("click", ({ target }) => target.closest(".tags-field__panel, button") || this.open());
    this.input.addEventListener("keydown", (event) => this.pressed(event), { capture: true });
    // Text that is no chip yet is not a change.
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.addEventListener("combobox-commit", ({ target }) => this.add(target.dataset.name));
    this.chips.addEventListener("click", ({ target }) => target.dataset.name && this.remove(target.dataset.name));
    this.addEventListener("focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.leave());
    this.addEventListener("mousedown", (event) => this.hold(event));
    const form = this.closest("form");
    form?.addEventListener("htmx:finally:request", ({ target, detail }) => target === form && this.saved(detail.ctx.status));
  }

  // A press on what cannot take the focus leaves it in the input, or brings it there.
  hold(event) {
    if (event.target.closest("a, button, input")) return;
    event.preventDefault();
    this.input.focus();
  }

  typed() {
    const parts = this.input.value.split(",");
    const rest = parts.pop().trimStart();
    const isRefused = parts.length && !words(parts.join(",")).every((name) => !name || this.take(name));
    if (parts.length) this.input.value = isRefused ? this.input.value.replace(/,\s*$/, "") : rest;
    this.draw();
    this.open();
    this.load();
  }

  pressed(event) {
    const typed = this.input.value.trim();
    if (event.key === "Escape" && !this.panel.hidden) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && typed && !event.isComposing && !this.list.querySelector("[aria-selected=true]")) {
      // Where the suggestions are still under way, Enter waits for them.
      event.stopImmediatePropagation();
      if (this.asking.isAsking) this.isWaiting = true;
      else this.add(typed);
    } else if (event.key === "Backspace" && this.input.value === "" && this.names.length) {
      this.remove(this.names.at(-1));
    } else if (event.key === "ArrowDown" && this.panel.hidden) {
      this.open();
    } else return;
    event.preventDefault();
  }

  add(name) {
    if (this.take(name)) {
      this.input.value = "";
      // The next Enter is the form's, though new suggestions are not there yet.
      this.list.replaceChildren();
    }
    this.draw();
    this.load();
  }

  // Makes a chip of it, unless that cannot be; then the reason is said, and what was typed stays.
  take(name) {
    const refusal = this.refusal(name);
    if (refusal) say(refusal);
    else if (!this.names.some((one) => same(one, name))) {
      const known = [...this.list.querySelectorAll("[data-name]")].find((option) => same(option.dataset.name, name));
      this.names.push(known?.dataset.name ?? name);
      this.changed();
      say(`${this.names.at(-1)} added`);
    }
    return !refusal;
  }

  // What the suggestions say against it. Where they did not come in time, the form is refused instead.
  refusal(name) {
    return this.asked === name && this.list.querySelector("[data-refused]")?.textContent;
  }

  remove(name) {
    this.names = this.names.filter((one) => one !== name);
    this.changed();
    say(`${name} removed`);
    this.input.focus();
    if (!this.panel.hidden) this.load();
  }

  changed() {
    this.isUnsaved = this.hasAttribute("autosaves");
    this.draw();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  saved(status) {
    if (status !== "swapped") return;
    this.isUnsaved = false;
    this.adopt();
  }

  adopt() {
    const names = words(this.getAttribute("value")).filter(Boolean);
    if (names.join() === this.names.join()) return;
    this.names = names;
    this.draw();
  }

  draw() {
    const typed = this.hasAttribute("autosaves") ? "" : this.input.value.trim();
    this.sent.value = [...this.names, typed].filter(Boolean).join(", ");
    this.chips.replaceChildren(...this.names.map(chip));
    this.input.placeholder = this.names.length ? "" : "Tags";
    this.classList.toggle("tags-field--empty", !this.names.length);
    const count = this.closest("details")?.querySelector("[data-tags-count]");
    if (count) count.textContent = this.names.length || "";
  }

  open() {
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    this.combobox.start();
    this.load();
  }

  close() {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.asking.stop();
    this.isWaiting = false;
    this.combobox.stop();
    this.list.replaceChildren();
  }

  // A name typed to the end counts, though nobody pressed Enter; anything else stays as it is.
  leave() {
    const typed = this.input.value.trim();
    const known = typed && [...this.list.querySelectorAll("[id]")].some((one) => same(one.dataset.name, typed));
    if (known && this.take(typed)) this.input.value = "";
    this.draw();
    this.close();
  }

  async load() {
    const typed = this.input.value.trim();
    const fields = new URLSearchParams({ q: typed, chosen: this.names.join(",") });
    const html = await this.asking.ask(`/tags/options?${fields}`);
    if (html === null && !this.asking.failed) return;
    this.asked = typed;
    this.list.innerHTML = html ?? "";
    if (typed) this.combobox.navigate(1);
    if (this.isWaiting) this.add(this.list.querySelector("[role=option]")?.dataset.name ?? typed);
    this.isWaiting = false;
  }
}

function make(tag, { role, ...values }, ...children) {
  const element = Object.assign(document.createElement(tag), values);
  if (role) element.setAttribute("role", role);
  element.append(...children);
  return element;
}

function chip(name) {
  const remove = make("button", { className: "tags-field__remove", type: "button", ariaLabel: `Remove ${name}`, textContent: "×" });
  remove.dataset.name = name;
  const text = make("bdi", { className: "tags-field__name", textContent: name, title: name });
  return make("li", { className: "tags-field__chip" }, text, remove);
}

customElements.define("tags-field", TagsField);
