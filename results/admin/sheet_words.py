"""What the sheet says in the browser, in the person's language."""

from django.utils.translation import gettext as _


def words_of_the_sheet() -> dict[str, str]:
    """By name; braces are filled in by the script."""
    return {
        "row_head": _("Line"),
        "class_head": _("Class"),
        "team_head": _("Team"),
        "crew_head": _("Drivers"),
        "cell_label": _("{column}, line {row}, {car}"),
        "proposal": _("Proposal {text}"),
        "proposal_hint": _("Proposal {text}: Ctrl+Enter takes it over."),
        "finding": _("Line {row}: {reason}"),
        "tally": _("{errors} errors, {doubts} doubts."),
        "known": _("{count} doubts are those of the version before."),
        "removed": _("{count} lines removed. Ctrl+Z brings them back."),
        "moved": _("Moved to line {row}."),
        "taken": _("{count} proposals taken over."),
        "pasted": _("{count} lines pasted. Ctrl+Z takes it back."),
        "left_out": _("Not taken over: {columns}."),
        "too_many": _("These would be {count} lines. A sheet has {most} at most."),
        "make_entry": _("Enter car {number} …"),
        "entered": _("Car {number} is entered."),
        "looking": _("One moment, the result is being compared …"),
        "changes": _("{count} cells change:"),
        "first_version": _("The first version of this result, with {count} lines."),
        "no_changes": _("No cell changes."),
        "reason_needed": _("Please say why: readers see a version already."),
        "confirm_first": _("Please confirm the doubts first."),
        "car_head": _("Car"),
        "column_head": _("Column"),
        "before_head": _("Before"),
        "after_head": _("After"),
        "to_version": _("To this version"),
        "merged": _("Both sheets are one now. Nothing is saved yet."),
        "was": _("Before: {text}"),
        "take_mine": _("Mine"),
        "take_theirs": _("Theirs"),
        "nothing": _("empty"),
        "kept": _("What you typed on {at} was never saved and is still here."),
        "logged_out": _("You are logged out. Log in in another tab, then try again: nothing is lost."),
        "paste_again": _("You typed on while the text was being read. Please paste it once more."),
        "unreachable": _("The server cannot be reached. Nothing is lost, please try again."),
        "other_person": _("Somebody else is logged in here by now. Nothing was saved."),
    }
