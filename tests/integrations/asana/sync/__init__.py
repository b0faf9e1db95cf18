import pytest

# Its assertions compare whole trees; a difference is to be shown, not only that there is one.
pytest.register_assert_rewrite("tests.integrations.asana.sync.connected")
