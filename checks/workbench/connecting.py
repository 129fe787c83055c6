"""From settings to a workbench on one shop."""

from __future__ import annotations

from pathlib import Path

from checks.errors import SettingsError
from checks.people import of_account, whoami
from checks.settings import load_settings
from checks.workbench import display
from checks.workbench.workbench import Workbench


def connect(config: str | Path | None = None, source: str | None = None) -> Workbench:
    """Reads the settings and opens the store; asks nothing of the shop yet.

    Args:
        config: the settings file; else $KEURMEESTER_CONFIG, else ./keurmeester.toml, as for every command.
        source: name of the shop in the settings; needed only where there are several.

    Raises:
        SettingsError: the settings are wrong, hold no shop, or several and none is named.
        StoreError: the store cannot be opened.
    """
    settings = load_settings(None if config is None else Path(config))
    shops = [one.name for one in settings.shops]
    if source is None and len(shops) != 1:
        if not shops:
            raise SettingsError(
                f'{settings.file}: there is no shop. Add a [[sources]] table with system = "oresto", as the README shows.'
            )
        raise SettingsError(
            f"There are several shops: {', '.join(shops)}. Say which: connect(source={shops[0]!r})."
        )
    shop = settings.shop(shops[0] if source is None else source)
    display.register()
    return Workbench(settings, shop, of_account(settings, whoami()))
