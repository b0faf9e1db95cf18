"""Accessibility findings: of the axe-core engine in light and dark, and what is too wide or too low for a phone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor/axe-core-4.14.1/axe.min.js").read_text()
EVERYTHING = "{resultTypes: ['violations']}"
# A theme changes colours alone.
COLOURS = "{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}"
LOOKS: tuple[tuple[Literal["light", "dark"], int, str], ...] = (
    ("light", 390, EVERYTHING),
    ("light", 1440, EVERYTHING),
    ("dark", 1440, COLOURS),
    ("dark", 390, COLOURS),
)
# 1280 pixels at a zoom of 400 % are 320.
WIDTHS = (1440, 768, 390, 320)

# 44 pixels, of which rounding may take one at each edge. Links in a sentence are as high as its lines; a label is
# pressed for its box.
LOW_TARGETS = """() => {
  const belongs = (hit, target) => hit && (target.contains(hit) || hit.closest("label")?.control === target
      || hit.matches("tags-field") && hit.contains(target));
  const reach = (target, x, y, by) => {
    let far = 0;
    while (far < 30 && belongs(document.elementFromPoint(x, y + by * (far + 1)), target)) far++;
    return far;
  };
  const isInSentence = target => getComputedStyle(target).display === "inline" && target.closest("p, dd, td, span");
  return [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")]
    .filter(target => !target.disabled && !isInSentence(target))
    .filter(target => target.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .flatMap(target => {
      target.scrollIntoView({block: "center"});
      const box = target.getBoundingClientRect(), x = box.x + Math.min(box.width / 2, 20), y = box.y + box.height / 2;
      if (box.height < 2) return [];
      const height = reach(target, x, y, -1) + 1 + reach(target, x, y, 1);
      return height < 42 ? [`${height} px: ${target.outerHTML.slice(0, 120)}`] : [];
    });
}"""


def findings(page: Page, options: str = EVERYTHING) -> list[str]:
    """One line for each element that breaks a rule; evaluated as a debugger would, past the page's policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate(f"async () => (await axe.run(document, {options})).violations")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def problems(page: Page, widths: Iterable[int] = WIDTHS) -> list[str]:
    """Of the page as it stands open, in both themes, where motion is reduced: other colours take a moment to change."""
    found = [f"sticks out at {width}" for width in widths if sticks_out(page, width)]
    for theme, width, options in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{theme} at {width}: {finding}" for finding in findings(page, options)]
    page.emulate_media(color_scheme="light")
    return [f"{page.url} {problem}" for problem in found]


def sticks_out(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def low_targets(page: Page) -> list[str]:
    """What a thumb would miss."""
    return [f"{page.url} {target}" for target in page.evaluate(LOW_TARGETS)]
