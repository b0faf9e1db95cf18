"""Figures as lines for people. Programs ask for JSON."""

from app.bench.outcome import Figures

LINES = {
    "requests": "{:,} requests",
    "request_floor": "{:,} requests at least",
    "request_ratio": "{:.3f} of that",
    "refusals": "{:,} refused for asking too fast",
    "wall_s": "{:.2f} s",
    "page_wall_s": "{:.2f} s from the button to the new names on the page",
    "limit_wall_s": "{:.2f} s allowed by the limit at best",
    "limit_ratio": "{:.3f} of that",
    "cpu_s": "{:.2f} s of CPU, worker",
    "database_cpu_s": "{:.2f} s of CPU, database",
    "sandbox_cpu_s": "{:.2f} s of CPU, sandbox",
    "peak_rss_mb": "{:.1f} MB at most, worker",
    "database_mb": "{:.0f} MB on disk, database",
    "rows": "{:,} rows",
    "rows_per_s": "{:,.0f} rows a second",
    "delivered_s": "{:.2f} s until the webhooks had told",
    "fetcher_cpu_s": "{:.2f} s of CPU, bare fetcher",
    "fetcher_at_once": "{} requests in flight cost it the least",
    "fetcher_wall_s": "{:.2f} s, bare fetcher",
    "cpu_ratio": "{:.2f} of the bare fetcher's CPU",
}


def lines_of_pass(figures: Figures) -> list[str]:
    lines = [f"{key:<16} {form.format(figures[key])}" for key, form in LINES.items() if figures.get(key) is not None]
    return [*lines, *sql_lines(figures.get("slowest_sql", []))]


def sql_lines(slowest: list[Figures]) -> list[str]:
    rows = [f"{each['seconds']:8.2f} s {each['times']:6,}x  {each['sql']}" for each in slowest]
    return ["", "Slowest SQL, as the worker waited for it", *rows] if rows else []


PAGES = {
    "database_mb": "{:.0f} MB on disk, database",
    "web_cpu_s": "{:.1f} s of CPU, web process",
    "timesheets_per_s": "{:.0f} timesheets a second, asked for by 16 at once",
    "bare_pages_per_s": "{:.0f} bare pages a second",
    "rate_ratio": "{:.2f} of that",
    "load_average": "{:.1f} is the machine's load",
}
HEADINGS = ("", "requests", "server median", "99 %", "client median", "99 %  (ms)")


def lines_of_pages(figures: Figures) -> list[str]:
    return [
        *(f"{key:<17} {form.format(figures[key])}" for key, form in PAGES.items()),
        "",
        "{:<10} {:>9} {:>14} {:>7} {:>14} {:>10}".format(*HEADINGS),
        *(f"{kind:<10} {line_of_load(of_kind)}" for kind, of_kind in figures["load"].items()),
        "",
        " first     again  (kB)",
        *(f"{page['first_kb']:6.1f} {page['kb']:9.1f}  {page['path']}" for page in figures["pages"]),
    ]


def line_of_load(figures: Figures) -> str:
    requests, *times = figures.values()
    return "{:9} {:14.1f} {:7.1f} {:14.1f} {:10.1f}".format(requests, *times)


PICKER = {
    "slowest_p95_ms": "{:.1f} ms, 95 % of the slowest kind",
    "worst_ms": "{:.1f} ms, the slowest answer of all",
    "heaviest_bytes": "{:,} bytes, the heaviest answer",
    "heaviest_compressed_bytes": "{:,} bytes, the heaviest when compressed",
}
ASKED = ("median", "95 %", "worst", "bytes")


def lines_of_picker(figures: Figures) -> list[str]:
    lines = [f"{key:<25} {form.format(figures[key])}" for key, form in PICKER.items()]
    for name, kinds in figures["asked"].items():
        lines += ["", "{:<31} {:>6} {:>6} {:>6} {:>8}".format(f"Who has {name}", *ASKED)]
        lines += [
            f"{kind:<31} {each['median_ms']:6.1f} {each['p95_ms']:6.1f} {each['worst_ms']:6.1f} {each['bytes']:8,}"
            for kind, each in kinds.items()
        ]
    return lines
