"""The demo's logins: one for each role of the desk, with passwords that stand in the README."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from racedesk.roles import group_of


@dataclass(frozen=True, slots=True)
class Account:
    """A login; its name is also the key of its role, its password is no secret."""

    role: str
    first_name: str
    last_name: str

    @property
    def password(self) -> str:
        return f"demo-{self.role}-2026"


ACCOUNTS = (
    Account("reporter", "Jule", "Brandstetter"),
    Account("editor", "Mattis", "Oldehaver"),
    Account("chief", "Hanna", "Wiesengrund"),
    Account("results", "Timo", "Zeitlinger"),
    Account("pictures", "Lene", "Bildhauer"),
    Account("administrator", "Rolf", "Serverin"),
)


def create_accounts() -> dict[str, User]:
    """The people of the demo desk by role. Whoever is there already keeps password, name and rights."""
    known = {user.username: user for user in User.objects.filter(username__in=[account.role for account in ACCOUNTS])}
    return {account.role: known.get(account.role) or _create(account) for account in ACCOUNTS}


def _create(account: Account) -> User:
    user = User.objects.create_user(
        account.role,
        f"{account.role}@example.org",
        account.password,
        first_name=account.first_name,
        last_name=account.last_name,
        is_staff=True,
    )
    user.groups.add(group_of(account.role))
    return user
