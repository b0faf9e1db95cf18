import pytest

from app.accounts.models import User
from app.projects.models import Keyword
from tests.browser_like import Visitor
from tests.factories import assign
from tests.projects.world import World


@pytest.fixture
async def alices(visitor: Visitor, alice: User) -> Visitor:
    return await visitor.signed_in_as(alice)


async def keyword(world: World, word: str, made_by: str = "asana", is_id: bool = False) -> Keyword:
    made = Keyword(account=world.root.account, item=world.banner.id, word=word, made_by=made_by, is_id=is_id)
    await made.save()
    return made


async def words() -> list[str]:
    return [row["word"] for row in await Keyword.select().order_by(Keyword.id)]


async def test_it_shows_them_to_whoever_has_the_item(world: World, bob: User, visitor: Visitor) -> None:
    await assign(bob, world.banner)
    await keyword(world, "1401", is_id=True)
    await keyword(world, "<i>urgent</i>")
    page = (await (await visitor.signed_in_as(bob)).get(f"/projects/{world.banner.id}")).text
    assert "<bdi>1401</bdi>" in page
    assert "(Asana id)" in page
    assert "&lt;i&gt;urgent&lt;/i&gt;" in page
    assert "From Asana, read only" in page
    assert "Add a keyword" not in page


async def test_it_adds_a_word_by_hand_once(world: World, alices: Visitor) -> None:
    await keyword(world, "urgent")
    for word in ("Homepage", "homepage", " Urgent "):
        answer = await alices.htmx_post(f"/projects/{world.banner.id}/keywords", data={"word": word})
        assert answer.status_code == 200
        assert 'id="keywords"' in answer.text
    assert await words() == ["urgent", "Homepage"]


@pytest.mark.parametrize("word", ["", "  ", "w" * 201])
async def test_it_refuses_what_is_no_word(world: World, alices: Visitor, word: str) -> None:
    for send in (alices.post, alices.htmx_post):
        answer = await send(f"/projects/{world.banner.id}/keywords", data={"word": word})
        assert answer.status_code == 422
        assert f'value="{word}"' in answer.text
    assert await words() == []


async def test_it_removes_only_those_made_by_hand(world: World, alices: Visitor) -> None:
    by_hand = await keyword(world, "homepage", made_by="hand")
    from_asana = await keyword(world, "1401")
    path = f"/projects/{world.banner.id}/keywords"
    assert (await alices.post(f"{path}/{by_hand.id}/delete")).status_code == 303
    assert (await alices.post(f"{path}/{from_asana.id}/delete")).status_code == 404
    assert (await alices.post(f"{path}/{by_hand.id}/delete")).status_code == 404
    assert await words() == ["1401"]
