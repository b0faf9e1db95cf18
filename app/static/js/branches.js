// A branch of the tree that was opened before htmx listened has asked for nothing yet: it is told once more.
function tellAgain() {
  for (const branch of document.querySelectorAll("details[open]:has(> .tree__below)")) {
    branch.dispatchEvent(new Event("toggle"));
  }
}

// htmx may have looked through the page before this script came, or may still have to.
if (document.querySelector("[data-htmx-powered]")) tellAgain();
else document.addEventListener("htmx:after:process", tellAgain, { once: true });
