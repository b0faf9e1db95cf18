from app.integrations.asana.models import RunState, Trigger
from tests.integrations.asana.sync.connected import Connected


async def test_it_imports_the_company(connected_company: Connected) -> None:
    run = await connected_company.sync(Trigger.first)
    assert (run.state, run.failure, run.warnings) == (RunState.done, None, "[]")
    await connected_company.assert_equal_to_asana()
