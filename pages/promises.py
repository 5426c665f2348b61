"""Promises: what is overdue and for how long, who keeps the word, what was moved in silence, what is due next."""

from kam import ui
from kam.charts import promises
from kam.ui import dates, promising

with ui.page("promises", needs=("promises",)) as screen:
    t, palette = screen.t, screen.palette
    groups, ages = screen.fetch("marts.promise_groups"), screen.fetch("marts.promise_ageing")
    row = promising.summary(groups)
    screen.figures(promising.figures(screen, row))
    screen.note("promises.beside", **row)

    for measure, place in zip(("calendar", "working"), screen.halves(), strict=True):
        with place:
            screen.chart(
                promises.ageing(ages, measure, t, palette), measure, lambda point: promising.age_point(screen, ages, point)
            )
    for dimension, place in zip(("owner", "class"), screen.halves(), strict=True):
        with place:
            screen.chart(
                promises.keep_rate(groups, dimension, t, palette),
                dimension,
                lambda point, dimension=dimension: promising.group_point(screen, groups, dimension, point),
            )

    screen.chart(
        promises.keep_rate(groups, "month", t, palette), "month", lambda point: promising.group_point(screen, groups, "month", point)
    )

    screen.heading("promises.lists")
    dates.offer(screen, kinds=("promise",))
    promising.lists(screen, groups)
    promising.promptness(screen)
