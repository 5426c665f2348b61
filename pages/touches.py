"""Touches: who is served by the norm, what is owed, whom to touch this week, what the log is made of."""

from kam import ui
from kam.charts import touches
from kam.ui import rule_maker, touching

with ui.page("touches", needs=("orders", "touches")) as screen:
    t, palette = screen.t, screen.palette
    groups, norms = screen.fetch("marts.touch_groups"), screen.fetch("marts.touch_norm")
    row = touching.summary(groups)
    screen.figures(touching.figures(screen, row))
    screen.note("touches.beside", **row)

    left, right = screen.halves()
    with left:
        screen.chart(
            touches.served(groups, "manager", t, palette),
            "managers",
            lambda point: touching.group_point(screen, groups, point),
        )
    with right:
        screen.chart(
            touches.served(groups, "class", t, palette),
            "classes",
            lambda point: touching.group_point(screen, groups, point),
        )
        screen.chart(touches.norm(norms, t, palette), "norm", lambda point: touching.kind_point(screen, norms, point))

    screen.heading("touches.lists")
    touching.lists(screen, groups, screen.fetch("marts.touch_due"))

    screen.heading("touches.log_title")
    kinds = screen.fetch("marts.touch_kind_counts")
    unknown = screen.fetch("marts.unrecognised_touches")
    left, right = screen.halves()
    with left:
        screen.chart(touches.log(kinds, t, palette), "log", lambda point: touching.log_point(screen, kinds, point))
    with right:
        screen.text("touches.rule.heading", count=unknown.num_rows)
        rule_maker.show(screen, unknown)

    screen.heading("touches.reasons_title")
    reasons = screen.fetch("marts.touch_reasons")
    screen.chart(touches.reasons(reasons, t, palette), "reasons", lambda point: touching.reason_point(screen, reasons, point))
    screen.table(
        "reasons_table",
        reasons,
        columns=touching.REASON_COLUMNS,
        evidence=lambda row: touching.reason(screen, row),
        search=False,
    )
