// <task-picker [submits] [free]>: a search box for tasks. With nothing typed it drops down what was tracked lately and
// the whole tree. Choosing fills the hidden fields `item` and `project`; `submits` sends the form at once; `free` also
// offers to start without a task, with what was typed as the note.
import Combobox from "../vendor/combobox-nav-3.0.2/combobox-nav.js";
import { Asking } from "./asking.js";
import { fitIntoView } from "./picker-room.js";
import { growTree, walkTree } from "./picker-tree.js";

class TaskPicker extends HTMLElement {
  // A morph connects an element before it fills it.
  connectedCallback() {
    queueMicrotask(() => this.isConnected && !this.combobox && this.setUp());
  }

  // Moved in the page, it is connected again at once.
  disconnectedCallback() {
    queueMicrotask(() => !this.isConnected && this.combobox && this.close());
  }

  setUp() {
    this.input = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.panel = this.querySelector(".picker__panel");
    this.tree = this.querySelector(".picker__tree");
    this.opener = this.querySelector(".picker__open");
    this.said = this.querySelector(".picker__said");
    this.opener.hidden = false;
    this.before = { item: this.field("item").value, project: this.field("project").value };
    this.combobox = new Combobox(this.input, this.list, { tabInsertsSuggestions: false });
    this.options = new Asking((state) => this.show(state));
    this.branches = new Asking((state) => this.show(state));
    this.online = () => this.hasFailed && this.again();
    growTree(this.tree);
    this.listen();
  }

  listen() {
    this.input.addEventListener("focus", () => this.hasAttribute("submits") && this.open());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event), { capture: true });
    this.opener.addEventListener("click", () => (this.panel.hidden ? this.drop() : this.close()));
    this.addEventListener("combobox-commit", ({ target }) => this.choose(target.dataset));
    this.tree.addEventListener("click", ({ target }) => this.choose(target.closest("[data-item]")?.dataset));
    this.tree.addEventListener("keydown", (event) => walkTree(event, this));
    this.querySelector(".picker__failed button").addEventListener("click", () => this.again());
    this.addEventListener("focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.close());
    // A press on what cannot take the focus must not take it from the input either.
    this.panel.addEventListener("mousedown", (event) => event.target.closest("button, summary") || event.preventDefault());
  }

  drop() {
    this.input.focus();
    this.close();
    this.open("");
  }

  open(words = this.isChosen ? "" : this.input.value) {
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.combobox.start();
    this.input.select();
    this.unfit = fitIntoView(this.panel, this.input);
    addEventListener("online", this.online);
    this.load(words);
  }

  close() {
    if (this.panel.hidden) return;
    this.unfit();
    removeEventListener("online", this.online);
    this.options.stop();
    this.branches.stop();
    this.panel.hidden = true;
    this.isAwaited = false;
    this.opener.setAttribute("aria-expanded", "false");
    this.combobox.stop();
    this.list.replaceChildren();
    this.say("");
  }

  get isChosen() {
    return this.field("item").value !== "";
  }

  field(name) {
    return this.querySelector(`[name=${name}]`);
  }

  typed() {
    const { item, project } = this.input.value === this.field("shown").value ? this.before : { item: "", project: "" };
    this.field("item").value = item;
    this.field("project").value = project;
    if (this.panel.hidden) this.open(this.input.value);
    else this.load(this.input.value);
  }

  async load(words) {
    this.words = words;
    this.isWalking = false;
    this.tree.hidden = words.trim() !== "";
    this.branches.stop();
    const fields = new URLSearchParams({ q: words, free: this.hasAttribute("free") ? "1" : "" });
    const html = await this.options.ask(`/picker/options?${fields}`);
    if (html === null) return;
    this.list.innerHTML = html;
    this.list.scrollTop = 0;
    this.say(this.count());
    if (words.trim()) this.combobox.navigate(1);
    else if (!this.tree.firstElementChild) await this.plant();
    if (this.isAwaited) this.list.querySelector("[role=option]")?.click();
    this.isAwaited = false;
  }

  again() {
    this.input.focus();
    this.load(this.words);
  }

  async plant() {
    const html = await this.branches.ask("/picker/tree", 0);
    if (html !== null) this.tree.innerHTML = html;
  }

  get hasFailed() {
    return this.options.failed || this.branches.failed;
  }

  // What is in the list no longer answers what is typed, but it can still be chosen.
  show({ isSlow, failure = "" }) {
    const [waiting, failed] = this.querySelectorAll(".picker__waiting, .picker__failed");
    waiting.hidden = !isSlow;
    failed.hidden = failure === "";
    failed.querySelector("span").textContent = failure && `${failure} What you typed is still here.`;
    this.list.toggleAttribute("data-old", isSlow || failure !== "");
    this.list.setAttribute("aria-busy", String(isSlow));
  }

  // A screen reader is told how many there are; which one is chosen it tells by itself.
  count() {
    const found = this.list.querySelectorAll("[data-item]").length;
    if (!this.words.trim()) return found ? `${found} recent. The tree of all tasks is below.` : "";
    if (this.list.querySelector("[data-more]")) return `More than ${found} tasks found.`;
    return found === 1 ? "1 task found." : `${found || "No"} tasks found.`;
  }

  say(text) {
    this.said.textContent = text;
  }

  pressed(event) {
    if (event.isComposing) return;
    const act = this.panel.hidden ? { ArrowDown: this.opens, ArrowUp: this.opens }[event.key] : KEYS[event.key];
    if (!act?.call(this, event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  opens() {
    this.open();
    return true;
  }

  // To the first option by 1, to the last by -1.
  jump(step) {
    if (!this.list.querySelector("[role=option]")) return false;
    this.combobox.clearSelection();
    this.combobox.navigate(step);
    return true;
  }

  // The option that Enter would take.
  get current() {
    return this.list.querySelector("[aria-selected=true]");
  }

  choose(data) {
    if (!data) return;
    this.field("item").value = data.item ?? "";
    this.field("project").value = data.project ?? "";
    this.input.value = data.name ?? "";
    if (data.note) this.input.form.elements.note.value = data.note;
    this.close();
    if (this.hasAttribute("submits")) this.input.form.requestSubmit();
    else this.input.focus();
  }
}

// What the keys do while the list is open. True: nobody else need act on it.
const KEYS = {
  Escape() {
    this.close();
    return true;
  },
  // The browser goes on to the next field, and what is typed stays as it is.
  Tab() {
    this.close();
  },
  // Enter came before the answer: the first hit is taken as soon as it is there.
  Enter() {
    if (this.hasFailed) this.again();
    if (!this.options.isAsking || !this.input.value.trim() || this.isWalking) return false;
    return (this.isAwaited = true);
  },
  ArrowDown() {
    const options = this.list.querySelectorAll("[role=option]");
    const isLast = !options.length || this.current === options[options.length - 1];
    const below = !this.tree.hidden && this.tree.querySelector("summary, button");
    this.isWalking = true;
    if (!isLast || !below) return false;
    this.combobox.clearSelection();
    below.focus();
    return true;
  },
  ArrowUp() {
    this.isWalking = true;
  },
  // They belong to the text, until somebody walks through the list.
  Home() {
    return this.isWalking && this.jump(1);
  },
  End() {
    return this.isWalking && this.jump(-1);
  },
};

customElements.define("task-picker", TaskPicker);
