"""Life cycle: who buys, who is falling silent, who is gone; with which money, and since when."""

from kam import ui
from kam.charts import lifecycle
from kam.ui import choosing, life, portfolio

with ui.page("lifecycle", needs=("orders",)) as screen:
    t, palette = screen.t, screen.palette
    summary = screen.fetch("marts.lifecycle_summary").to_pylist()[0]
    statuses, clients = screen.fetch("marts.lifecycle_statuses"), screen.fetch("marts.lifecycle_clients")
    screen.figures(life.figures(screen, summary, life.reasoned(screen, clients)))

    left, right = screen.halves()
    with left:
        choosing.chart(screen, lifecycle.status_bars(statuses, summary, t, palette), "bars", "status_choice")
        months = screen.fetch("marts.revenue_by_status")
        screen.chart(lifecycle.revenue_months(months, t, palette), "months", lambda point: life.month(screen, point))
    with right:
        stages = screen.fetch("marts.lifecycle_funnel")
        screen.chart(lifecycle.funnel(stages, t, palette), "funnel", lambda point: life.stage(screen, point))
        screen.chart(
            lifecycle.silence(clients, summary, t, palette),
            "silence",
            lambda point: life.point(screen, clients, point),
        )

    screen.heading("lifecycle.list")
    screen.note("lifecycle.list_note")
    code = choosing.narrowed(
        screen, "status_choice", "status", lifecycle.STATUSES, lambda code: life.status_source(screen, code, statuses)
    )
    rows = screen.fetch("marts.lifecycle_clients", status=code) if code else clients
    screen.table(
        "clients",
        life.reasoned(screen, rows),
        columns=life.CLIENT_COLUMNS,
        evidence=lambda row: life.client(screen, row),
        totals=("revenue",),
    )

    screen.heading("lifecycle.goals_title")
    screen.note("lifecycle.goals_note")
    screen.table("goals", life.goals(screen, statuses), columns=life.STATUS_COLUMNS, search=False)

    screen.heading("lifecycle.moved")
    before_on, measure = choosing.comparison(screen)
    moved = screen.fetch("marts.status_migration", before_on=before_on)
    screen.chart(
        lifecycle.migration(moved, measure, t.day(before_on), t, palette),
        "moves",
        lambda point: portfolio.moves(screen, before_on, point, "status"),
    )
    screen.heading("lifecycle.backtest_title")
    screen.note("lifecycle.backtest", day=before_on)
    screen.figures(life.backtest(screen, before_on), "backtest")
