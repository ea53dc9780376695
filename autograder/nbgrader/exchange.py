"""Collecting from nbgrader's exchange: nobody hands in for another."""

from __future__ import annotations

import glob
import pwd
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect


class Collect(ExchangeCollect):  # type: ignore[misc]
    """Leaves out what is owned by somebody else than the student it names, which nbgrader only warns of.

    Where one account hands in for all, as where a service owns the exchange, `c.ExchangeCollect.check_owner = False`
    takes everything, as nbgrader does.
    """

    src_records: list[Any]

    def init_src(self) -> None:
        """Find the submission of each student that counts, among those that are their own."""
        super().init_src()
        if self.check_owner:
            found = [self._last_own(record["username"]) for record in self.src_records]
            self.src_records = [record for record in found if record is not None]

    def _last_own(self, student: str) -> Any:
        """The record that nbgrader would take if nobody else had handed in by this name; None if there is none."""
        paths = Path(self.inbound_path).glob(f"{glob.escape(student)}+{self.coursedir.assignment_id}+*")
        records = [one for one in map(self._path_to_record, map(str, paths)) if one["username"] == student]
        owners = {one["filename"]: self._owner(one) for one in records}
        for name, owner in owners.items():
            if owner != student:
                self.log.error(
                    "%s: it claims to be of %s, but is of %s; it is left out, ask both", name, student, owner
                )
        own = [one for one in records if owners[one["filename"]] == student]
        early = [one for one in own if self.before_duedate and self.duedate and one["timestamp"] <= self.duedate]
        return max(early or own, key=lambda one: one["timestamp"], default=None)

    def _owner(self, record: dict[str, Any]) -> str:
        number = (Path(self.inbound_path) / record["filename"]).stat().st_uid
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:
            return f"user {number}, who has no account here"
