"""Home: the state of the client base in one look, or the invitation while the workspace is empty."""

from kam import ui

with ui.page("home") as screen:
    screen.note("home.help.what")
