import pytest

from app.integrations.asana.addresses import pointed_at


@pytest.mark.parametrize(
    ("address", "gid"),
    [
        ("https://app.asana.com/0/1207575482243304/1208921983176519", "1208921983176519"),
        ("https://app.asana.com/0/1201856001387054/1201856001387054", "1201856001387054"),
        ("https://app.asana.com/1/1202775892569436/project/1211440849237745", "1211440849237745"),
        ("https://app.asana.com/1/12027758/project/12114408/task/1211440849237760", "1211440849237760"),
        ("https://app.asana.com/1/1202775892569436/task/1214301858798544", "1214301858798544"),
        ("https://app.asana.com/1/137249/project/726490/task/1217052832008956?focus=true", "1217052832008956"),
        ("https://app.asana.com/1/1067629/project/1215109751173511/list/1215109875390628", "1215109751173511"),
        ("https://app.asana.com/1/88012345/project/88012346/task/8801234500033/subtasks", "8801234500033"),
        ("https://app.asana.com/0/234567890123456/1234567890123456/f", "1234567890123456"),
        ("https://app.asana.com/0/0/1234567890123456/f", "1234567890123456"),
        ("https://app.asana.com/0/search/234567890123456/1234567890123456", "1234567890123456"),
        ("https://app.asana.com/0/search/234567890123456?child=1234567890123456", "1234567890123456"),
        ("https://app.asana.com/0/8801234500011/list", "8801234500011"),
        ("  app.asana.com/0/0/1234567890123456 ", "1234567890123456"),
    ],
)
def test_it_reads_the_task_or_else_the_project(address: str, gid: str) -> None:
    assert pointed_at(address) == gid


@pytest.mark.parametrize(
    "text",
    [
        "",
        "banner",
        "1234567890123456",
        "https://app.asana.com/0/my-apps",
        "https://app.asana.com/0/1201354977193097",
        "https://app.asana.com/0/8801234500011/inbox",
        "https://elsewhere.example/0/0/1234567890123456",
        "https://app.asana.com.elsewhere.example/0/0/1234567890123456",
        "https://app.asana.com@elsewhere.example/0/0/1234567890123456",
        "javascript:app.asana.com/0/0/1",
        "https://[app.asana.com/0/0/1",
    ],
)
def test_it_leaves_other_text_alone(text: str) -> None:
    assert pointed_at(text) is None
