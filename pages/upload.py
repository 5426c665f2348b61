"""Upload: drop exports, check what was recognised, load, undo."""

from kam import ui
from kam.ui import uploading

with ui.page("upload", filters=(), works_empty=True) as screen:
    uploads = uploading.dropped(screen)
    if uploads:
        reports = uploading.inspected(screen, uploads)
        uploading.load(screen, uploads, reports)
        for report in reports:
            uploading.sheet_card(screen, report)
    else:
        uploading.result(screen)
    uploading.history(screen)
