import pytest

from app.asana_sandbox.remote import ControlError
from app.asana_sandbox.world import VERBS, tree_for


def test_it_does_every_verb_of_the_world(sandbox):
    project = sandbox.control.find("Q4 planning")
    task = sandbox.control.add_task(project, "Count heads", position=0)
    sandbox.control.complete_task(task)
    sandbox.control.rename_task(task, name="Heads counted")
    found = sandbox.world.task(task)
    assert (found.name, bool(found.completed_at)) == ("Heads counted", True)
    assert all(callable(getattr(sandbox.control, verb)) for verb in VERBS)
    assert not hasattr(sandbox.control, "no_such_verb")


def test_it_shows_the_tree_somebody_sees(sandbox):
    alice = sandbox.control.find("Alice Hartmann")
    assert sandbox.control.tree_for(alice) == tree_for(sandbox.world, alice)


def test_it_refuses_what_makes_no_sense(sandbox):
    section = sandbox.world.project(sandbox.control.find("Newsletter")).sections[0]
    for wrong in (
        lambda: sandbox.control.rename_task("1", "Name"),
        lambda: sandbox.control.delete_section(section),
        lambda: sandbox.control.find("Website relaunch"),
        lambda: sandbox.control.tree_for("1"),
    ):
        with pytest.raises(ControlError):
            wrong()


def test_revoking_ends_personal_tokens(sandbox, get):
    assert sandbox.control.revoke_tokens(sandbox.control.find("Bob Okafor")) == 1
    assert get("/users/me", who="bob").status_code == 401
    assert get("/users/me", who="alice").status_code == 200


def test_reset_goes_back_to_the_seed(sandbox, get):
    alice = sandbox.control.find("Alice Hartmann")
    before = sandbox.control.tree_for(alice)
    sandbox.control.delete_project(sandbox.control.find("Newsletter"))
    sandbox.control.revoke_tokens()
    sandbox.control.set_rate(1)
    sandbox.control.reset()
    assert sandbox.control.tree_for(alice) == before
    assert [get("/users/me").status_code for _ in range(3)] == [200, 200, 200]
