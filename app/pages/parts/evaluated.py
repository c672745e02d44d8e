"""What an evaluation has found: in a sentence, in numbers with intervals, topic by topic, the worst first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.address import pairs
from app.asking import state_of
from app.beside import kept_beside, tell
from app.language import N_, _, decimal, ngettext, number, percent
from app.pages.parts.bound import bound
from app.pages.parts.compared import Compared, table
from app.pages.parts.download import download
from app.pages.parts.ink import ink
from app.rankings import called
from app.state import write
from app.wording import markdown, safe
from archive_search.archive import Archive
from archive_search.evaluation.evaluate import Difference, Evaluation, to_csv, to_json
from archive_search.evaluation.report import SIGNIFICANT, WELL_JUDGED, p_value, to_html
from archive_search.visible import visible
from archive_search.workspace.topics import Topic

if TYPE_CHECKING:
    import altair as alt


WORST = 10
"""So many of the worst topics are listed."""
IN_WORDS = {
    "nDCG@10": N_("the best at the very top"),
    "P@10": N_("how many of the first ten fit"),
    "AP": N_("all that fits, high up"),
    "R@100": N_("how much of what fits is among the first hundred"),
    "Judged@10": N_("how many of the first ten somebody has judged"),
}
"""What measures say."""
ORDERS = {"worst": N_("worst found"), "lost": N_("lost most"), "won": N_("gained most")}
"""In which order topics are listed."""


def evaluated(archive: Archive, found: Evaluation, asked: Compared) -> None:
    """Draw what was measured."""
    told = kept_beside().get("measure", ("",))[-1]
    measure = told if told in found.measures else found.measures[0]
    for one in found.differences():
        if one.measure == measure:
            st.markdown(sentence(one))
    for name, share in unjudged(found).items():
        st.info(
            _(
                "Of the first ten that {ranking} finds, nobody has judged {share}. What is not judged counts as not "
                "fitting, so its values may be too low: judge more first."
            ).format(ranking=f"“{markdown(called(name))}”", share=percent(share)),
            icon=":material/info:",
        )
    bound(
        st.selectbox,
        _("What counts"),
        list(found.measures),
        key="measure-name",
        value=measure,
        changed=lambda name: tell(measure=[] if name == found.measures[0] else [name]),
        format_func=lambda name: f"{_(IN_WORDS[name])} ({name})" if name in IN_WORDS else name,
        width=420,
    )
    st.altair_chart(_means(found, measure), width="stretch", key="means")
    _numbers(found)
    st.header(_("Topic by topic"), anchor=False)
    _per_topic(archive, found, measure)
    _listed(archive, found, measure, asked)
    if found.left_out:
        with st.expander(
            ngettext("{count} topic left out", "{count} topics left out", len(found.left_out)).format(
                count=number(len(found.left_out))
            ),
            key="left-out",
        ):
            st.write(_("Of these nobody has judged any picture to fit, so every ranking would get 0 for them."))
            st.caption(markdown(", ".join(found.left_out)))
    _files(found)


def sentence(one: Difference) -> str:
    """What the numbers allow to say of a ranking against the first one, as Markdown."""
    ranking, baseline = (f"“{markdown(called(name))}”" for name in (one.strategy, one.baseline))
    many = ngettext("{count} topic", "{count} topics", one.topics).format(count=number(one.topics))
    if one.p_holm >= SIGNIFICANT or one.mean == 0:
        said = _("**With {many} no difference between {ranking} and {baseline} can be told from chance.**").format(
            many=many, ranking=ranking, baseline=baseline
        )
    elif one.mean > 0:
        said = _("**{ranking} finds better than {baseline}**, by more than chance on {many}.").format(
            many=many, ranking=ranking, baseline=baseline
        )
    else:
        said = _("**{ranking} finds worse than {baseline}**, by more than chance on {many}.").format(
            many=many, ranking=ranking, baseline=baseline
        )
    counts = _("It is better on {better}, worse on {worse}.").format(better=number(one.better), worse=number(one.worse))
    if one.interval is None:
        return f"{said} {counts}"
    low, high = one.interval
    between = _("The difference in {measure} lies between {low} and {high} (on average {mean}, {p}).").format(
        measure=one.measure,
        low=decimal(low, 3, signed=True),
        high=decimal(high, 3, signed=True),
        mean=decimal(one.mean, 3, signed=True),
        p=p_value(one.p_holm),
    )
    return f"{said} {counts} {between}"


def unjudged(found: Evaluation) -> dict[str, float]:
    """The rankings of whose first ten too little was judged, with how much was not."""
    if "Judged@10" not in found.measures:
        return {}
    shares = {one.strategy: one.mean for one in found.means() if one.measure == "Judged@10"}
    return {name: 1 - share for name, share in shares.items() if share < WELL_JUDGED}


def _means(found: Evaluation, measure: str) -> alt.LayerChart:
    import altair as alt

    rows: list[dict[str, Any]] = [
        {
            "ranking": visible(called(one.strategy)),
            "mean": one.mean,
            "low": (one.interval or (one.mean, one.mean))[0],
            "high": (one.interval or (one.mean, one.mean))[1],
            "said": decimal(one.mean, 3),
        }
        for one in found.means()
        if one.measure == measure
    ]
    names = [row["ranking"] for row in rows]
    data = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    ranking = alt.Y("ranking:N", sort=names, title=None, axis=alt.Axis(labelLimit=260))
    base = alt.Chart(data).encode(y=ranking)
    value = alt.X(
        "mean:Q", title=_("{measure}, mean with 95 % interval").format(measure=measure), scale=alt.Scale(zero=False)
    )
    span = base.mark_rule(strokeWidth=5, opacity=0.45, color="#4080b8").encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=130, opacity=1, color="#4080b8").encode(
        x=value, tooltip=["ranking:N", alt.Tooltip("said:N", title=measure)]
    )
    said = base.mark_text(dy=-14, fontSize=12, color=ink()).encode(x="mean:Q", text="said:N")
    drawn: alt.LayerChart = span + dots + said
    return drawn.properties(height=56 * len(rows) + 70)


def _numbers(found: Evaluation) -> None:
    with st.expander(_("All measures"), icon=":material/numbers:", key="measures"):
        means = {(one.strategy, one.measure): one for one in found.means()}
        rows = []
        for name in found.strategies:
            cells = []
            for measure in found.measures:
                one = means[name, measure]
                ends = f" [{decimal(one.interval[0], 3)}, {decimal(one.interval[1], 3)}]" if one.interval else ""
                cells.append(f"{decimal(one.mean, 3)}{ends}")
            rows.append((called(name), *cells))
        st.html(table((_("Ranking"), *found.measures), rows))
        for measure in found.measures:
            if measure in IN_WORDS:
                st.caption(f"**{markdown(measure)}**: {_(IN_WORDS[measure])}")


@st.fragment
def _per_topic(archive: Archive, found: Evaluation, measure: str) -> None:
    """Draw a bar for each topic, and where the one leads that was clicked."""
    picked: set[str] = set()
    for place, name in enumerate(found.strategies[1:]):
        chart = _bars(found, measure, name)
        event: Any = st.altair_chart(
            chart, width="stretch", on_select="rerun", selection_mode="pick", key=f"per-topic-{place}"
        )
        picked |= {one.get("topic", "") for one in event.selection.get("pick") or []}
    shown = [topic for topic in found.topics if topic.id in picked]
    if not shown:
        st.caption(_("A bar for each topic; click one to look at it."))
    for topic in shown:
        _row(archive, found, measure, topic, found.strategies, "picked")


def _bars(found: Evaluation, measure: str, name: str) -> alt.Chart:
    """A bar for each topic: by how much a ranking is better or worse on it than the first one."""
    import altair as alt

    first = found.strategies[0]
    ways = [_("better"), _("worse"), _("the same")]
    rows = []
    for topic in found.topics:
        before, now = (found.scores[one][measure][topic.id] for one in (first, name))
        rows.append(
            {
                "topic": topic.id,
                "title": visible(topic.title),
                "difference": now - before,
                "moved": ways[0] if now > before else ways[1] if now < before else ways[2],
                "now": decimal(now, 3),
                "before": decimal(before, 3),
            }
        )
    pick = alt.selection_point(name="pick", fields=["topic"], on="click", empty=False)
    said = _("{ranking} minus {first}").format(ranking=visible(called(name)), first=visible(called(first)))
    drawn: alt.Chart = (
        alt.Chart(alt.Data(values=rows), title=alt.Title(f"{measure}: {said}", anchor="start"))  # type: ignore[no-untyped-call]
        .mark_bar(minBandSize=2)
        .encode(
            x=alt.X("topic:N", sort=alt.EncodingSortField("difference", order="descending"), axis=None),
            y=alt.Y("difference:Q", title=None),
            color=alt.Color(
                "moved:N",
                title=None,
                scale=alt.Scale(domain=ways, range=["#23916b", "#c4533a", "#8a8a8a"]),
                legend=alt.Legend(orient="bottom"),
            ),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.75)),
            tooltip=[
                alt.Tooltip("title:N", title=_("Topic")),
                alt.Tooltip("now:N", title=visible(called(name))),
                alt.Tooltip("before:N", title=visible(called(first))),
            ],
        )
        .add_params(pick)
        .properties(height=260)
    )
    return drawn


def _listed(archive: Archive, found: Evaluation, measure: str, asked: Compared) -> None:
    """List the topics that are found worst, or on which a ranking lost or gained most, with a link to each."""
    told = kept_beside().get("order", ("",))[-1]
    order = told if told in ORDERS else "worst"
    bound(
        st.segmented_control,
        _("Topics"),
        list(ORDERS),
        key="order",
        value=order,
        changed=lambda name: tell(order=[name] if name and name != "worst" else []),
        format_func=lambda name: _(ORDERS[name]),
    )
    first, last = found.strategies[0], found.strategies[-1]
    scores = {topic.id: found.scores[last][measure][topic.id] for topic in found.topics}
    gains = {topic.id: scores[topic.id] - found.scores[first][measure][topic.id] for topic in found.topics}
    keys = {"worst": scores, "lost": gains, "won": {topic: -gain for topic, gain in gains.items()}}
    shown = [topic for topic in found.topics if order == "worst" or keys[order][topic.id] < 0]
    if not shown:
        st.write(_("There is none."))
    for topic in sorted(shown, key=lambda one: keys[order][one.id])[:WORST]:
        _row(archive, found, measure, topic, asked.by, "listed")


def _row(archive: Archive, found: Evaluation, measure: str, topic: Topic, by: tuple[str, ...], where: str) -> None:
    said = " · ".join(
        f"{called(name)} {decimal(found.scores[name][measure][topic.id], 2)}" for name in found.strategies
    )
    state = state_of(topic.query, archive.queries)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"topic-row-{where}-{topic.id}"):
        told = f'<div class="title">{safe(topic.title)}</div><div class="number">{safe(said)}</div>'
        st.html(f'<div class="tile">{told}</div>', width="stretch")
        if state is not None:
            st.page_link(
                "pages/compare.py",
                label=_("Look"),
                icon=":material/compare_arrows:",
                help=_("What the rankings find for it, side by side"),
                query_params=[*pairs(write(state)), *(("by", one) for one in by)],
            )
        st.page_link("pages/judge.py", label=_("Judge"), icon=":material/gavel:", query_params={"topic": topic.id})


def _files(found: Evaluation) -> None:
    with st.container(horizontal=True, gap="small", key="evaluation-files"):
        now = datetime.now().astimezone().strftime("%d %B %Y, %H:%M")
        for label, name, made in (
            (_("Every topic as CSV"), "evaluation.csv", lambda: to_csv(found)),
            (
                _("Everything as JSON"),
                "evaluation.json",
                lambda: json.dumps(to_json(found), ensure_ascii=False, indent=1),
            ),
            (_("Report with plots (HTML)"), "evaluation.html", lambda: to_html(found, made=now)),
        ):
            download(label, made, name, key=f"out-{name}")
