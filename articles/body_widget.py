"""The body editor with the newsroom's own nodes: values, extracts, pictures, quotations (`racedesk/editor_nodes.js`)."""

from typing import Any

from django.templatetags.static import static
from django_prose_editor.widgets import AdminProseEditorWidget

# Names of what the script exports.
NODES = dict.fromkeys(("DataValue", "Extract", "PictureNode", "Quotation", "QuoteSource"), True)


class BodyWidget(AdminProseEditorWidget):
    def get_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().get_config()  # type: ignore[no-untyped-call]
        return config | {"js_modules": [*config.get("js_modules", []), static("racedesk/editor_nodes.js")]}
