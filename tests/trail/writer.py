"""A process that writes to the trail as fast as it may: ``writer.py NAME COUNT`` after the line ``go`` on stdin."""

import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
django.setup()

from django.db import transaction  # noqa: E402

from daicho.people.models import Account  # noqa: E402
from daicho.trail.actions import Act, record, record_many  # noqa: E402

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)


def act(name: str, number: int) -> None:
    """One act with its entry: an account, so that one can see whether act and entry stand or fall together."""
    with transaction.atomic():
        code = f"{name}-{number}"
        Account.objects.create(code=code, display_name=code, home_organisation="copro", created_at=AT)
        if number % 5:
            record("account.created", actor=name, at=AT, organisation="copro", account=code)
        else:
            record_many(
                [Act(event="account.created", actor=name, at=AT, organisation="copro", facts={"account": code})]
            )


def main() -> None:
    name, count = sys.argv[1], int(sys.argv[2])
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    for number in range(count):
        act(name, number)
        print(number, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
