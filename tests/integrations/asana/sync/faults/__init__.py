import pytest

# A difference between what is and what has to be is to be shown, not only that there is one.
pytest.register_assert_rewrite(
    "tests.integrations.asana.sync.faults.scene", "tests.integrations.asana.sync.faults.promises"
)
