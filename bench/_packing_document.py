"""docs/packing-results.md, made from bench/results/packing*.json and bench/packing-published.yaml.

    python bench/_packing_document.py        writes the page anew (make packing-results)

Problem: a table that somebody typed is of another commit than the one beside it. Therefore nobody types: every figure
of the page stands in a file of results, and a test of the house compares the page with what the files give.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "bench"
PAGE = ROOT / "docs" / "packing-results.md"
WEAK, STRONG = range(1, 8), range(8, 16)

HEAD = """\
# How full: results of the packing engine

Made from the files of results in `bench/results/` by `make packing-results`; nobody types here. `sundry bench packing`
measures, [algorithms/packing.md](algorithms/packing.md) tells how the engine works.

How to read it: fills are percent of the container's volume, means over the first instances of a class, as many as the
table says. Published means are over all 100 instances of a class; where they come from, and how sure they are, stands
at the end; "to the best" is by how much ours lies over the best of them. "Best known" is the best value that anybody
found for the very instances of the row WITHOUT the support rule; "sample" is by how much these instances are easier (+)
or harder (-) than the class, measured by those best values. Every plan is judged by our checker and, as far as it goes,
by one that we did not write: "refused" counts the plans in which either found anything. A plus after a commit: the
engine's files were not those of the commit.
"""


def page(bench: Path) -> str:
    """The whole page."""
    published = yaml.safe_load((bench / "packing-published.yaml").read_text("utf-8"))
    results = {
        file.stem: json.loads(file.read_text("utf-8")) for file in sorted((bench / "results").glob("packing*.json"))
    }
    sections = [
        HEAD,
        _goals(results, published["goals"]),
        *_tables(results, published),
        _ivancic(results.get("packing-ivancic"), published["goals"]["ivancic"]),
        _nmfta(results.get("packing-nmfta")),
        _peers(results.get("packing-peers")),
        _whole(results.get("packing-whole")),
        _sources(published),
    ]
    return "\n".join(sections)


def write() -> Path:
    PAGE.write_text(page(BENCH), "utf-8")
    return PAGE


def _goals(results: Mapping[str, Any], goals: Mapping[str, Any]) -> str:
    rows = []
    for rule, kind in (("full_support", "full"), ("no_support", "none")):
        for goal in goals[rule]:
            found = _table_of(results, kind, goal["seconds"])
            figures = found["figures"] if found else {}
            rows.append(
                [
                    f"{goal['name']}, {rule.replace('_', ' ')}, {goal['seconds']} s",
                    f"{goal['br1_7']:.1f}", _percent(figures.get("br1_7")),
                    f"{goal['br8_15']:.1f}", _percent(figures.get("br8_15")),
                    f"first {figures['instances_a_class']}" if found else "not measured yet",
                ]
            )  # fmt: skip
    heads = ["", "BR1-7 asked", "reached", "BR8-15 asked", "reached", "instances a class"]
    return _section("What is asked and what is reached", _table(heads, rows))


def _table_of(results: Mapping[str, Any], support: str, seconds: float) -> Any:
    """The table of BR with so many seconds; None: not measured."""
    return next(
        (
            found
            for name, found in results.items()
            if name.startswith("packing-br")
            and (found["figures"]["support"], found["figures"]["seconds_given"]) == (support, seconds)
        ),
        None,
    )


def _tables(results: Mapping[str, Any], published: Mapping[str, Any]) -> Iterator[str]:
    """One section for each file of BR, or of instances made as BR is, full support and short times first."""
    found = [of for name, of in results.items() if name.startswith(("packing-br", "packing-made"))]
    if not found:
        yield _section("One container, BR1 to BR15", "Not measured yet: `sundry bench packing`.\n")
    for result in sorted(found, key=lambda of: (of["figures"]["support"] == "none", of["figures"]["seconds_given"])):
        figures = result["figures"]
        rule = "no_support" if figures["support"] == "none" else "full_support"
        kind = "BR1 to BR15" if figures["origin"] == "published" else "made as BR1 to BR15 are, from a seed"
        heading = f"One container, {kind}, {rule.replace('_', ' ')}, {figures['seconds_given']:g} s"
        methods = published[rule] if figures["origin"] == "published" else []
        text = (
            f"Instances of each class: the first {figures['instances_a_class']}. {_facts(result)}\n\n"
            f"Refused: {figures['refused_by_a_checker']} of {len(result['instances'])} "
            f"(not seen by the other checker: {figures['not_seen_by_the_other_checker']}). Least fill: "
            f"{_percent(figures['least_fill'])} %. Longest of the time given: {figures['longest_of_time_given']:.3f}. "
            f"Share of the processors that the search got: {_percent(figures['cpu_share'])} %.\n\n"
        )
        yield _section(heading, text + _classes(result["classes"], methods))


def _classes(classes: Mapping[str, Any], methods: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for name, of in classes.items():
        number = int(name.removeprefix("br"))
        rows.append(
            [
                name.upper(), str(of["types"]), _percent(of["mean_fill"]), _percent(of["least_fill"]),
                *(_number(method["fill_percent"][number - 1]) for method in methods),
                _over_best(of["mean_fill"], [method["fill_percent"][number - 1] for method in methods]),
                _percent(of["best_known_of_these"]), _points(of["best_known_of_these"], of["best_known_of_all"]),
                f"{of['plans_a_second']:,.0f}", str(of["refused_by_a_checker"]),
            ]
        )  # fmt: skip
    for heading, numbers in (("BR1-7", WEAK), ("BR8-15", STRONG), ("BR1-15", [*WEAK, *STRONG])):
        of = [classes.get(f"br{number}") for number in numbers]
        if not all(of):
            continue
        rows.append(
            [
                f"**{heading}**", "", f"**{_percent(_mean(of, 'mean_fill'))}**", "",
                *(_number(_mean_published(method["fill_percent"], numbers)) for method in methods),
                _over_best(_mean(of, "mean_fill"), [_mean_published(m["fill_percent"], numbers) for m in methods]),
                _percent(_mean(of, "best_known_of_these")),
                _points(_mean(of, "best_known_of_these"), _mean(of, "best_known_of_all")), "",
                str(sum(one["refused_by_a_checker"] for one in of)),
            ]
        )  # fmt: skip
    heads = ["class", "kinds", "mean", "least", *(method["name"] for method in methods)]
    return _table([*heads, "to the best", "best known", "sample", "plans a second", "refused"], rows)


def _mean(of: Sequence[Any], figure: str) -> float | None:
    values = [one[figure] for one in of]
    return None if None in values else fmean(values)


def _mean_published(values: Sequence[float | None], numbers: Sequence[int]) -> float | None:
    chosen = [value for number in numbers if (value := values[number - 1]) is not None]
    return fmean(chosen) if len(chosen) == len(numbers) else None


def _over_best(share: float | None, published: Sequence[float | None]) -> str:
    known = [value for value in published if value is not None]
    return f"{100 * share - max(known):+.2f}" if share is not None and known else ""


def _ivancic(result: Any, goals: Sequence[Mapping[str, Any]]) -> str:
    heading = "Fewest containers: the 47 loads of Ivancic"
    if result is None:
        return _section(heading, "Not measured yet: `sundry bench packing --with part=ivancic`.\n")
    rows = [
        [
            f"{name}, {of['seconds_given']:g} s", str(of["instances"]), str(of["containers"]),
            str(of["containers_bound"]), str(of["proven_fewest"]), str(of["refused_by_a_checker"]),
        ]
        for name, of in result["classes"].items()
    ]  # fmt: skip
    goal = goals[0]
    asked = f"Asked without support: at most {goal['containers_without_support']} (bound {goal['bound']})."
    heads = ["", "loads", "containers in all", "our bound", "loads at their bound", "refused"]
    return _section(heading, f"{_facts(result)} {asked}\n\n{_table(heads, rows)}")


def _nmfta(result: Any) -> str:
    heading = "One container of goods with weights: NMFTA, full support"
    if result is None:
        return _section(heading, "Not measured yet: `sundry bench packing --with part=nmfta`.\n")
    rows = [
        [
            name, str(of["instances"]), _percent(of["mean_fill"]), _percent(of["mean_fill_bound"]),
            _percent(of["mean_payload_share"]), str(of["refused_by_a_checker"]),
        ]
        for name, of in [*result["classes"].items(), ("**all**", result["figures"])]
    ]  # fmt: skip
    text = (
        f"{result['figures']['seconds_given']:g} s each. {_facts(result)} The payload (25 t) often binds before the "
        "room does: no plan passes the bound, the room or the volume of the lightest goods that the payload takes."
    )
    heads = ["file", "instances", "mean fill", "bound", "of the payload", "refused"]
    return _section(heading, f"{text}\n\n{_table(heads, rows)}")


def _peers(result: Any) -> str:
    heading = "Two open packages on the same instances"
    if result is None:
        return _section(heading, "Not measured yet: `sundry bench packing --with part=peers`.\n")
    classes = list(next(iter(result["classes"].values()))["fill"])
    rows = [
        [
            name, *(_percent(of["fill"][key]) for key in classes), _number(of["seconds"]), str(of["empty_answers"]),
            str(of["cartons"]), str(of["hanging"]), str(of["turned_wrongly"]), str(of["broken_promises"]),
        ]
        for name, of in result["classes"].items()
    ]  # fmt: skip
    heads = ["", *(key.upper() for key in classes), "seconds", "empty", "cartons", "hang", "wrongly turned", "wrong"]
    ratios = [
        [name, f"{of['mean_ratio']:.3f}", str(of["instances"])] for name, of in result["figures"]["compared"].items()
    ]
    versions = ", ".join(version.replace("==", " ") for version in result["versions"].values())
    text = (
        f"{versions}, each in an environment and a process of its own. {_facts(result)}\n\n"
        "Neither peer knows support, and py3dbp neither knows which edge may stand upright nor a limit of time: an "
        "easier task than ours. Cartons that hang (not carried on the whole base) and cartons turned wrongly are "
        'counted; "wrong" is what breaks a promise: outside, overlapping, or more cartons than there are. An empty '
        "answer counts as a fill of 0, and in the ratios not at all.\n\n"
    )
    left_out = "".join(f"\nLeft out: {why}.\n" for why in result["figures"]["left_out"].values())
    compared = _table(["our fill / their fill", "mean", "instances"], ratios)
    return _section(heading, text + _table(heads, rows) + "\n" + compared + left_out)


def _whole(result: Any) -> str:
    heading = "Whole loads, and what a process costs"
    if result is None:
        return _section(heading, "Not measured yet: `sundry bench packing --with part=whole`.\n")
    rows = [
        [
            name.removeprefix("load_").replace("_", " "), f"{of['seconds_given']:g} s", str(of["containers"]),
            _percent(of["mean_fill_of_all_but_the_emptiest"]), f"{of['price_of_bound']:.2f}", str(of["faults"]),
        ]
        for name, of in result["classes"].items()
    ]  # fmt: skip
    heads = ["order", "time given", "containers", "mean fill of all but the emptiest", "price to bound", "faults"]
    costs = [[name.replace("_", " "), _number(value)] for name, value in result["figures"].items() if value is not None]
    text = f"{_facts(result)} Four kinds of container; 100 to 400 kg/m3, every fifth line this side up.\n\n"
    return _section(heading, text + _table(heads, rows) + "\n" + _table(["process", ""], costs))


def _sources(published: Mapping[str, Any]) -> str:
    lines = [f"- Instances: {name}." for name in published["sets"]]
    for rule in ("full_support", "no_support"):
        for method in published[rule]:
            of = method.get("instances", "all 100 instances of a class")
            time = method["time"] or "time not known to us"
            lines.append(
                f"- {method['name']}, {rule.replace('_', ' ')}: {method['paper']}. Over {of}, {time}. "
                f"How the figures came to us: {method['confidence'].replace('_', ' ')}."
            )
    return _section("Where the published figures come from", "\n".join(lines) + "\n")


def _facts(result: Mapping[str, Any]) -> str:
    machine = result["machine"]
    numba = f", numba {machine['numba']}" if machine.get("numba") else ""
    return (
        f"`{result['command']}`, {result['day']}, commit {result['commit']}, {machine['cpu']}, "
        f"{machine['cores']} cores, Python {machine['python']}{numba}."
    )


def _section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f}"


def _points(these: float | None, all_of_them: float | None) -> str:
    return "" if these is None or all_of_them is None else f"{100 * (these - all_of_them):+.2f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    print(write())
