"""Faults of installing, upgrading and releasing."""

from typing import Any

from .registry import fault, put

RELEASE = "tests/supply/test_release.py"
PARTS = "tests/supply/test_dependencies.py"
ADVISORIES = "tests/supply/test_advisories.py"


@fault(f"{RELEASE}::test_two_builds_are_equal_whoever_makes_them")
def release_of_its_maker() -> None:
    """What git is set to where a release is made changes what is in it."""
    from tools import release

    put(release, SAME_EVERYWHERE=("-c", "tar.umask=0007"))


@fault(f"{RELEASE}::test_another_build_is_neither_replaced_nor_signed")
def other_build_signed() -> None:
    """The second person signs over what the first made, whatever it was."""
    from tools import release

    put(release, _is_other=lambda path, content: False)


@fault(f"{RELEASE}::test_who_is_not_on_the_list_leaves_no_signature")
def signed_by_anyone() -> None:
    """A signature is left that no operator can check."""
    from tools import release

    ssh_keygen = release.ssh_keygen

    def unchecked(act: str, *words: str, content: bytes) -> bytes:
        return ssh_keygen(act, *words, content=content) if act == "sign" else b""

    put(release, ssh_keygen=unchecked)


@fault(f"{PARTS}::test_when_a_part_is_installed_is_said_of_each")
def extra_left_out() -> None:
    """What is installed only because of an extra counts as part of the tests."""
    from tools import dependencies

    whole = dependencies._needs_of_extra
    put(dependencies, _needs_of_extra=lambda p, extra: [] if extra else whole(p, ""))


@fault(f"{ADVISORIES}::test_half_an_answer_says_nothing_about_the_parts")
def half_an_answer_is_good() -> None:
    """What the source did not answer counts as: nothing known."""
    from tools import advisories

    ask_page = advisories.ask_page

    def lenient(source: str, todo: Any) -> Any:
        try:
            return ask_page(source, todo)
        except advisories.NotAnswered:
            return [advisories.Result([], "") for _part in todo]

    put(advisories, ask_page=lenient)


INSTALL = "tests/operations/test_install.py"
UPGRADE = "tests/operations/test_upgrade.py"


def alter_tool(name: str, before: str, after: str) -> None:
    """Install by a tool with one place altered."""
    from tests.operations.conftest import Machine

    bring = Machine.bring_code

    def altered(self: Any, *names: str) -> None:
        bring(self, *names)
        path = self.code / "tools" / name
        text = path.read_text()
        assert text.count(before) == 1, f"{name} has no {before} any more"
        path.write_text(text.replace(before, after))

    put(Machine, bring_code=altered)


@fault(f"{INSTALL}::test_a_second_run_changes_no_setting_and_adds_what_is_missing")
def second_run_makes_new_secrets() -> None:
    """Who installs again gets other secrets: no passphrase opens anything."""
    alter_tool(
        "install_settings.py", "        if name not in there:\n", "        if True:\n"
    )


@fault(
    "tests/operations/test_install_refused.py::"
    "test_no_new_pepper_is_made_for_a_database_that_is_there"
)
def pepper_for_a_database_that_is_there() -> None:
    """A pepper that was lost is made anew, and locks everyone out."""
    alter_tool(
        "install_settings.py", 'if "VAULT_PEPPERS" not in there and has', "if 0 and has"
    )


@fault(f"{INSTALL}::test_killed_at_any_command_and_run_again_it_ends_right")
def folder_is_left_as_it_is_found() -> None:
    """A folder that an interrupted installation left open stays open."""
    alter_tool(
        "install.py",
        "        folder.mkdir(parents=True, exist_ok=True)\n",
        "        if folder.exists():\n            continue\n"
        "        folder.mkdir(parents=True)\n",
    )


@fault(f"{INSTALL}::test_what_root_exported_stays_with_root")
def environment_of_root_is_passed_on() -> None:
    """What root exported, secrets too, reaches the user of the pages."""
    alter_tool("machine.py", "surroundings() | machine", "os.environ | machine")


@fault(f"{UPGRADE}::test_it_stops_backs_up_and_installs_in_this_order")
def upgrade_backs_up_while_people_work() -> None:
    """What is written between the backup and the end is lost on the way back."""
    alter_tool("upgrade.py", '    stop(machine)\n    say("Making', '    say("Making')


@fault(f"{UPGRADE}::test_what_was_interrupted_goes_on_with_the_backup_that_was_made")
def interrupted_upgrade_backs_up_again() -> None:
    """The backup from before is replaced by one of a database half migrated."""
    alter_tool(
        "upgrade.py", '    if noted(machine).get("TO") != target:\n', "    if 1:\n"
    )


@fault(f"{UPGRADE}::test_a_release_with_a_changed_file_is_refused")
def changed_release_is_taken() -> None:
    """The signature under the sums is right, and nobody compares the sum."""
    alter_tool(
        "signatures.py", "if signatures and not self._is_among_the_sums():", "if False:"
    )


@fault(f"{UPGRADE}::test_the_list_that_comes_along_is_not_believed")
def any_good_signature_will_do() -> None:
    """Whoever signed, by whatever key: it is a signature."""
    alter_tool("signatures.py", "signature for (\\S+) with ", "signature( )with ")
    alter_tool(
        "signatures.py", "done.stderr if done.returncode == 0", "done.stderr if 1"
    )


@fault(f"{UPGRADE}::test_a_signed_tag_does_not_pass_under_another_name")
def older_version_under_a_newer_name() -> None:
    """An old version with a known hole is put in the place of the newest."""
    alter_tool("signatures.py", 'if f"\\ntag {self.name}\\n" not in', 'if "" not in')


@fault(f"{INSTALL}::test_files_of_pages_that_may_be_there_by_half_are_copied_anew")
def half_a_file_stays() -> None:
    """An installation that was killed leaves files of pages by half, for good."""
    alter_tool("install.py", '("--clear",) if unfinished.exists() else ()', "()")
