"""The settings of the shipped packs: every reading that may be chosen changes what the pack asks for."""

from dataclasses import replace

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.policy import Pack

READINGS = [
    (pack_id, choice.id, value)
    for pack_id in shipped_packs()
    for choice in load_pack(pack_id).choices
    for value in choice.allowed
    if value != choice.value
]


def without_settings(pack: Pack) -> Pack:
    """Return what the pack asks for, apart from what it says it was set to."""
    return replace(pack, settings={}, choices=())


@pytest.mark.parametrize(("pack_id", "setting", "value"), READINGS)
def test_a_setting_that_offers_a_choice_has_an_effect(pack_id: str, setting: str, value: str) -> None:
    chosen, default = load_pack(pack_id, answers={setting: value}), load_pack(pack_id)

    assert chosen.settings[setting] == value
    assert without_settings(chosen) != without_settings(default)


def test_there_are_readings_to_choose_from_in_every_pack() -> None:
    assert {pack_id for pack_id, _, _ in READINGS} == set(shipped_packs())
